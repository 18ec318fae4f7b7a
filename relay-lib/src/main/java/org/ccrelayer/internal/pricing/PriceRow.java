package org.ccrelayer.internal.pricing;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One row of a model's price list as it stands in the file. Immutable.
 *
 * @param from first day; {@link LocalDate#MIN} where open
 * @param until first day after; {@link LocalDate#MAX} where open
 * @param band the prompt lengths and the rates
 */
record PriceRow(LocalDate from, LocalDate until, PriceBand band) {
    private static final String FIELD = "prices";
    private static final Set<String> KNOWN = Set.of(
            "effective_from",
            "effective_until",
            "min_prompt_tokens",
            "max_prompt_tokens",
            "input",
            "output",
            "cache_write_5m",
            "cache_write_1h",
            "cache_read",
            "batch_input",
            "batch_output",
            "batch_cache_write_5m",
            "batch_cache_write_1h",
            "batch_cache_read",
            "source",
            "note");

    /** The days of a row: rows with the same days are the bands of one period. */
    private record Days(LocalDate from, LocalDate until) {}

    /**
     * A model's periods in order. Overlaps and holes, in time or prompt length, are problems; rows with problems of their
     * own are not looked at for those and give a stand-in.
     */
    static List<PricePeriod> readAll(PriceFields model) {
        int before = model.problemCount();
        List<PriceRow> rows = model.objects(FIELD).stream().map(PriceRow::read).toList();
        if (rows.isEmpty() && model.problemCount() == before) {
            model.problem(FIELD, "is missing");
        }
        if (model.problemCount() > before) {
            return List.of(PricePeriod.always(PriceBand.ofEveryPrompt(TokenRates.ZERO, TokenRates.ZERO)));
        }
        List<PricePeriod> periods = periods(rows);
        periods.forEach(period -> checkBands(period, model));
        checkDays(periods, model);
        return periods;
    }

    private static PriceRow read(PriceFields fields) {
        fields.allowOnly(KNOWN);
        LocalDate from = fields.day("effective_from", LocalDate.MIN);
        LocalDate until = fields.day("effective_until", LocalDate.MAX);
        if (!from.isBefore(until)) {
            fields.problem("effective_until", "must be after effective_from");
        }
        return new PriceRow(from, until, readBand(fields));
    }

    private static PriceBand readBand(PriceFields fields) {
        TokenRates standard = fields.rates("");
        TokenRates batch = fields.rates("batch_");
        Long min = fields.tokens("min_prompt_tokens", 0);
        Long max = fields.tokens("max_prompt_tokens", 0);
        if (min != null && max != null && max < min) {
            fields.problem("max_prompt_tokens", "must not be below min_prompt_tokens");
            return PriceBand.ofEveryPrompt(standard, batch);
        }
        return new PriceBand(min == null ? 0 : min, max == null ? Long.MAX_VALUE : max, standard, batch);
    }

    private static List<PricePeriod> periods(List<PriceRow> rows) {
        Map<Days, List<PriceBand>> bands = new LinkedHashMap<>();
        for (PriceRow row : rows) {
            bands.computeIfAbsent(new Days(row.from, row.until), days -> new ArrayList<>())
                    .add(row.band);
        }
        return bands.entrySet().stream()
                .map(entry -> period(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(PricePeriod::from))
                .toList();
    }

    private static PricePeriod period(Days days, List<PriceBand> bands) {
        bands.sort(Comparator.comparingLong(PriceBand::minPrompt));
        return new PricePeriod(days.from, days.until, bands);
    }

    private static void checkDays(List<PricePeriod> periods, PriceFields model) {
        for (int i = 1; i < periods.size(); i++) {
            LocalDate end = periods.get(i - 1).until();
            LocalDate next = periods.get(i).from();
            if (next.isBefore(end)) {
                model.problem(FIELD, "rows overlap in time at " + told(next));
            } else if (next.isAfter(end)) {
                model.problem(FIELD, "no row for the days from " + end + " until " + next);
            }
        }
    }

    private static String told(LocalDate day) {
        return day.equals(LocalDate.MIN) ? "the open beginning" : day.toString();
    }

    private static void checkBands(PricePeriod period, PriceFields model) {
        long covered = -1;
        for (PriceBand band : period.bands()) {
            if (band.minPrompt() <= covered) {
                model.problem(FIELD, "rows overlap at prompts of " + band.minPrompt() + " tokens");
            } else if (band.minPrompt() - 1 > covered) {
                model.problem(FIELD, "no row for prompts of " + (covered + 1) + " tokens");
            }
            covered = Math.max(covered, band.maxPrompt());
        }
        if (covered < Long.MAX_VALUE) {
            model.problem(FIELD, "no row for prompts of " + (covered + 1) + " tokens");
        }
    }
}
