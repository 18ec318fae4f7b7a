package org.ccrelayer.apikey;

/** What becomes of a relay key's budgets in US dollars. Concurrency and rate limits hold in every mode. */
public enum BudgetMode {
    /** A request is refused once the budget is spent; requests in flight at that moment may overshoot it. */
    STANDARD,
    /** The worst case of a request is reserved before it is sent; the budget is never exceeded. */
    STRICT,
    /** Nothing is refused; what would have been refused is counted. */
    SHADOW
}
