package org.ccrelayer.internal.pricing;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ccrelayer.usage.Cost;
import org.ccrelayer.usage.DearestRates;
import org.ccrelayer.usage.MeteredAnswer;
import org.ccrelayer.usage.PriceTable;
import org.ccrelayer.usage.RequestTerms;

/**
 * A complete table of list prices, as {@link PriceFile} yields it. A model without a price is taken at the fallback rate
 * and flagged, never free. Looking up a name keeps nothing, since names come from clients. Immutable.
 */
public final class ModelPrices implements PriceTable {
    private final Map<String, ModelPrice> byName;
    private final PriceRules rules;
    private final ModelPrice unknownModel;

    /** A table of prices by {@linkplain ModelName#key key}; all names of one model share its price. */
    ModelPrices(Map<String, ModelPrice> byName, PriceRules rules) {
        this.byName = Map.copyOf(byName);
        this.rules = requireNonNull(rules, "rules");
        this.unknownModel = rules.unknownModel();
    }

    @Override
    public Cost price(MeteredAnswer answer, String requestedModel, Instant at) {
        String answered = answer.model();
        String messageModel = answered == null ? requestedModel : answered;
        BillingTerms terms = BillingTerms.of(answer.usage(), at);
        Cost cost = rules.searches(answer.usage().webSearchRequests());
        for (BilledStep step : BilledStep.of(answer, messageModel)) {
            cost = cost.plus(priceOf(step.model()).orElse(unknownModel).price(step, terms));
        }
        return cost;
    }

    @Override
    public DearestRates dearest(String model, RequestTerms terms) {
        return priceOf(model)
                .map(price -> price.dearest(terms, rules.webSearch()))
                .orElseGet(() -> dearestOfAll(terms));
    }

    /** A name that is not known may be an alias of any model, as which the answer is then priced. */
    private DearestRates dearestOfAll(RequestTerms terms) {
        return byName.values().stream()
                .distinct()
                .map(price -> price.dearest(terms, rules.webSearch()))
                .reduce(unknownModel.dearest(terms, rules.webSearch()), DearestRates::max);
    }

    @Override
    public Optional<String> family(String model) {
        return find(model).map(known -> known.family().toLowerCase(Locale.ROOT)).filter(family -> !family.isEmpty());
    }

    /** The model that a name in any known spelling means; empty where the table has no price for it. */
    public Optional<PricedModel> find(String name) {
        return priceOf(name).map(ModelPrice::model);
    }

    /** The first-party id of the model that a name means; the name itself, unchanged, where it is not known. */
    public String canonicalId(String name) {
        return find(name).map(PricedModel::id).orElse(name);
    }

    /** The families of all models, in lower case and alphabetical order. */
    public Set<String> families() {
        return byName.values().stream()
                .map(ModelPrice::model)
                .filter(Objects::nonNull)
                .map(model -> model.family().toLowerCase(Locale.ROOT))
                .filter(family -> !family.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Optional<ModelPrice> priceOf(String name) {
        String key = ModelName.key(name);
        ModelPrice price = byName.get(key);
        if (price == null) {
            String normalised = ModelName.normalise(key);
            price = byName.get(normalised);
            if (price == null) {
                price = byName.get(ModelName.withoutDate(normalised));
            }
        }
        return Optional.ofNullable(price);
    }
}
