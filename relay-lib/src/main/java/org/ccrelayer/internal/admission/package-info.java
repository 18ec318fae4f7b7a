/**
 * May they, now: decides whether an authenticated request is let in, and holds what it was granted.
 *
 * <p>Starting point: {@link org.ccrelayer.internal.admission.AdmissionControl}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.admission;
