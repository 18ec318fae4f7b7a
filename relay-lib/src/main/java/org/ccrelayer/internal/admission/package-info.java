/**
 * May they, now: decides whether an authenticated request is let in, and holds what it was granted.
 *
 * <p>Starting points: {@link org.ccrelayer.internal.admission.AdmissionControl}, and {@link
 * org.ccrelayer.internal.admission.WorstCase} for what a request can cost.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.admission;
