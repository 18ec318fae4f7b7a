package org.ccrelayer.internal.store.redis;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.ccrelayer.usage.UsagePeriod;
import org.ccrelayer.usage.UsageSubject;
import org.ccrelayer.usage.UsageTotals;

/**
 * What the relay and the predecessor counted together: the relay's own sums, and by figure what the predecessor's counters hold beyond
 * them. Each question is one script, that of a model's total two. The predecessor keeps no cost but of relay keys, no hours of
 * everything, and no total of a model, for which its months stand. Safe for concurrent use; blocks.
 */
final class UsageOfBoth {
    private static final Script TOTALS = Script.ofCounters("totals");
    private static final Script HISTORY = Script.ofCounters("history");
    private static final Script MODELS = Script.ofCounters("models");

    /** A name that stands in the predecessor's keys for one thing only. */
    private static final Pattern NAME = Pattern.compile("[^:\\p{Cntrl}]+");

    private static final Pattern MODEL = Pattern.compile("\\P{Cntrl}+");
    private static final int OWN = Figures.NAMES.size();
    private static final int BOTH = OWN + CountedThere.TEXTS;

    private final RedisLink link;
    private final RedisTime time;
    private final ZoneOffset zone;

    /** Reads there; hours, days and months begin in {@code zone}. */
    UsageOfBoth(RedisLink link, RedisTime time, ZoneOffset zone) {
        this.link = link;
        this.time = time;
        this.zone = zone;
        link.load(TOTALS, HISTORY, MODELS);
    }

    /** As {@link org.ccrelayer.usage.UsageStore#totals(UsageSubject)}. */
    UsageTotals totals(UsageSubject subject) {
        List<String> arguments = arguments(subject);
        arguments.addAll(Figures.NAMES);
        UsageTotals total = both(texts(link.run(TOTALS, List.of(RedisKeys.usage(subject)), arguments)))
                .sum();
        return subject.kind() == UsageSubject.Kind.MODEL ? total.plus(monthsThere(subject)) : total;
    }

    private UsageTotals monthsThere(UsageSubject subject) {
        return read(subject, UsagePeriod.MONTH).values().stream()
                .map(Both::beyond)
                .reduce(UsageTotals.NONE, UsageTotals::plus);
    }

    /** As {@link org.ccrelayer.usage.UsageStore#history}. */
    SortedMap<String, UsageTotals> history(UsageSubject subject, UsagePeriod period) {
        SortedMap<String, UsageTotals> sums = new TreeMap<>();
        read(subject, period).forEach((name, both) -> sums.put(name, both.sum()));
        return sums;
    }

    private Map<String, Both> read(UsageSubject subject, UsagePeriod period) {
        String sum = RedisKeys.usage(subject);
        List<String> keys = List.of(sum + RedisKeys.periods(period), sum + RedisKeys.period(period, ""));
        List<String> arguments = arguments(subject);
        arguments.add(length(period));
        arguments.add(Long.toString(behind(period)));
        arguments.addAll(Figures.NAMES);
        List<String> told = texts(link.run(HISTORY, keys, arguments));
        Map<String, Both> found = new HashMap<>();
        for (int index = 0; index < told.size(); index += 1 + BOTH) {
            found.put(told.get(index), both(told.subList(index + 1, index + 1 + BOTH)));
        }
        return found;
    }

    /** The predecessor's name of a length. */
    private static String length(UsagePeriod period) {
        return switch (period) {
            case HOUR -> "hourly";
            case DAY -> "daily";
            case MONTH -> "monthly";
        };
    }

    /** How many periods are kept behind the running one. */
    private static long behind(UsagePeriod period) {
        return switch (period) {
            case HOUR -> period.kept().toHours();
            case DAY -> period.kept().toDays();
            case MONTH -> 12;
        };
    }

    /**
     * As {@link org.ccrelayer.usage.UsageStore#modelsOfKey}. The predecessor has one name for some models that are several here; what
     * it holds beyond all of them stands under its own.
     */
    Map<String, UsageTotals> modelsOfKey(String keyId) {
        List<Object> told = link.run(MODELS, List.of(RedisKeys.MODELS.key(keyId)), arguments(UsageSubject.key(keyId)));
        Map<String, UsageTotals> models = own(texts((List<?>) told.get(0)));
        Map<String, UsageTotals> byNameThere = new HashMap<>();
        models.forEach((model, sum) -> byNameThere.merge(PredecessorUsage.model(model), sum, UsageTotals::plus));
        List<String> there = texts((List<?>) told.get(1));
        for (int index = 0; index < there.size(); index += 1 + CountedThere.TEXTS) {
            String model = there.get(index);
            CountedThere counted = new CountedThere(there.subList(index + 1, index + 1 + CountedThere.TEXTS));
            UsageTotals beyond = counted.beyond(byNameThere.getOrDefault(model, UsageTotals.NONE));
            if (!beyond.equals(UsageTotals.NONE)) {
                models.merge(model, beyond, UsageTotals::plus);
            }
        }
        return models;
    }

    /** The relay's own sums by model, of names and values. */
    private static Map<String, UsageTotals> own(List<String> told) {
        Map<String, Map<String, String>> sums = new HashMap<>();
        for (int index = 0; index < told.size(); index += 2) {
            String[] name = told.get(index).split(":", 2);
            sums.computeIfAbsent(name[1], none -> new HashMap<>()).put(name[0], told.get(index + 1));
        }
        Map<String, UsageTotals> models = new HashMap<>();
        sums.forEach((model, figures) -> models.put(model, own(figures)));
        return models;
    }

    private static UsageTotals own(Map<String, String> figures) {
        return Figures.totals(Figures.NAMES.stream()
                .map(name -> figures.getOrDefault(name, "0"))
                .toList());
    }

    private List<String> arguments(UsageSubject subject) {
        return new ArrayList<>(List.of(
                time.argument(),
                Long.toString(RedisTime.micros(zone)),
                subject.kind().name().toLowerCase(Locale.ROOT),
                nameThere(subject)));
    }

    /** What the predecessor's keys call it; empty where it has no counters of its own there. */
    private static String nameThere(UsageSubject subject) {
        String id = subject.id();
        boolean known =
                switch (subject.kind()) {
                    case EVERYTHING -> false;
                    case KEY, ACCOUNT -> NAME.matcher(id).matches();
                    case MODEL ->
                        MODEL.matcher(id).matches()
                                && PredecessorUsage.model(id).equals(id);
                };
        return known ? id : "";
    }

    private static List<String> texts(List<?> told) {
        return told.stream().map(String.class::cast).toList();
    }

    private static Both both(List<String> told) {
        UsageTotals own = Figures.totals(told.subList(0, OWN).stream()
                .map(text -> text.isEmpty() ? "0" : text)
                .toList());
        return new Both(own, new CountedThere(told.subList(OWN, BOTH)).beyond(own));
    }

    /** What the relay counted, and what the predecessor did beyond that. */
    private record Both(UsageTotals own, UsageTotals beyond) {
        UsageTotals sum() {
            return own.plus(beyond);
        }
    }
}
