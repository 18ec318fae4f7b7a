package org.ccrelayer.standalone;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;

/** What the predecessor's own program would have added to its counters for some requests. Used by one thread. */
final class PredecessorCounters {
    private static final String ALL = """
            local found = {}
            for _, pattern in ipairs({'usage:*', 'account_usage:*'}) do
              for _, key in ipairs(redis.call('KEYS', pattern)) do
                local type = redis.call('TYPE', key).ok
                if type == 'string' then
                  table.insert(found, key .. '\t' .. redis.call('GET', key))
                elseif type == 'hash' then
                  local fields = redis.call('HGETALL', key)
                  for i = 1, #fields, 2 do
                    table.insert(found, key .. ' ' .. fields[i] .. '\t' .. fields[i + 1])
                  end
                end
              end
            end
            return found""";

    private final int offset;
    private final Map<String, Map<String, Long>> hashes = new TreeMap<>();
    private final Map<String, BigDecimal> amounts = new TreeMap<>();

    /** None yet; its days begin so many hours before those of UTC. */
    PredecessorCounters(int offset) {
        this.offset = offset;
    }

    /** Every number that the predecessor counts in, by counter and by name within it. */
    static Map<String, BigDecimal> of(RedisPeer peer) {
        Map<String, BigDecimal> figures = new TreeMap<>();
        for (String line : peer.ask("EVAL", ALL, "0").split("\n")) {
            String[] figure = line.split("\t", 2);
            if (figure[1].matches("-?[0-9.]+")) {
                figures.put(figure[0], new BigDecimal(figure[1]).stripTrailingZeros());
            }
        }
        return figures;
    }

    /**
     * A request was served; of the row only who, where and when is taken.
     *
     * @param week in which it was for its key
     * @param counted the price that limits count
     */
    void add(UsageRecord row, String week, Tokens used, BigDecimal price, BigDecimal counted) {
        OffsetDateTime at = row.admittedAt().atOffset(ZoneOffset.ofHours(offset));
        String day = DateTimeFormatter.ISO_LOCAL_DATE.format(at);
        String month = day.substring(0, 7);
        String hour = day + String.format(":%02d", at.getHour());
        String key = row.keyId();
        String model = row.model();
        Map<String, Long> each = figures(used);
        Map<String, Long> keyed = with(each, "tokens", used.input() + used.output());
        Map<String, Long> costed = with(with(each, "realCostMicro", micro(price)), "ratedCostMicro", micro(counted));
        count("usage:" + key, totals(keyed));
        count("account_usage:" + row.accountId(), totals(keyed));
        for (String period : new String[] {"daily:%s:" + day, "monthly:%s:" + month, "hourly:%s:" + hour}) {
            count("usage:" + period.formatted(key), keyed);
            count("usage:model:" + period.formatted(model), each);
            count("usage:" + key + ":model:" + period.formatted(model), costed);
            count("account_usage:model:" + period.formatted(row.accountId() + ":" + model), each);
        }
        count("account_usage:daily:" + row.accountId() + ":" + day, keyed);
        count("account_usage:monthly:" + row.accountId() + ":" + month, keyed);
        Map<String, Long> ever = new HashMap<>(costed);
        ever.remove("allTokens");
        count("usage:" + key + ":model:alltime:" + model, ever);
        Map<String, Long> byModel = new HashMap<>(keyed);
        each.forEach((name, value) -> byModel.put("model:" + model + ":" + name, value));
        count("account_usage:hourly:" + row.accountId() + ":" + hour, byModel);
        count("usage:global:total", each);
        count("usage:global:monthly:" + month, each);
        count("usage:global:daily:" + day, each);
        spend("total:" + key, price, counted);
        spend("daily:" + key + ":" + day, price, counted);
        amounts.merge("usage:cost:monthly:" + key + ":" + month, counted, BigDecimal::add);
        amounts.merge("usage:cost:hourly:" + key + ":" + hour, counted, BigDecimal::add);
        for (String period : new String[] {"total:" + key, "weekly:" + key + ":" + week}) {
            amounts.merge("usage:opus:" + period, counted, BigDecimal::add);
            amounts.merge("usage:opus:real:" + period, price, BigDecimal::add);
        }
    }

    private void spend(String period, BigDecimal price, BigDecimal counted) {
        amounts.merge("usage:cost:" + period, counted, BigDecimal::add);
        amounts.merge("usage:cost:real:" + period, price, BigDecimal::add);
    }

    private static long micro(BigDecimal usd) {
        return usd.movePointRight(6).longValueExact();
    }

    private static Map<String, Long> figures(Tokens used) {
        Map<String, Long> figures = new HashMap<>();
        figures.put("requests", 1L);
        figures.put("inputTokens", used.input());
        figures.put("outputTokens", used.output());
        figures.put("cacheCreateTokens", used.cacheWrite5m() + used.cacheWrite1h());
        figures.put("cacheReadTokens", used.cacheRead());
        figures.put("ephemeral5mTokens", used.cacheWrite5m());
        figures.put("ephemeral1hTokens", used.cacheWrite1h());
        figures.put("allTokens", used.prompt() + used.output());
        return figures;
    }

    private static Map<String, Long> with(Map<String, Long> figures, String name, long value) {
        Map<String, Long> more = new HashMap<>(figures);
        more.put(name, value);
        return more;
    }

    private static Map<String, Long> totals(Map<String, Long> figures) {
        Map<String, Long> totals = new HashMap<>();
        figures.forEach((name, value) ->
                totals.put("total" + Character.toUpperCase(name.charAt(0)) + name.substring(1), value));
        return totals;
    }

    private void count(String hash, Map<String, Long> more) {
        Map<String, Long> sums = hashes.computeIfAbsent(hash, none -> new TreeMap<>());
        more.forEach((name, value) -> sums.merge(name, value, Long::sum));
    }

    /** Every figure by counter and name, as it would be with these added to what is there. */
    Map<String, BigDecimal> addedTo(Map<String, BigDecimal> before) {
        Map<String, BigDecimal> after = new TreeMap<>(before);
        hashes.forEach((hash, figures) -> figures.forEach(
                (name, value) -> after.merge(hash + " " + name, BigDecimal.valueOf(value), BigDecimal::add)));
        amounts.forEach((counter, usd) -> after.merge(counter, usd, BigDecimal::add));
        after.replaceAll((name, value) -> value.stripTrailingZeros());
        return after;
    }
}
