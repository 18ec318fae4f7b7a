/**
 * JSON, in one place: small documents as values over Jackson, large bodies as a stream of bytes.
 *
 * <p>Starting points: {@link org.ccrelayer.internal.json.JsonObject} for documents that fit in memory, {@code JsonScanner}
 * for bodies that are only looked at.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.json;
