/** Key derivation and hashing shared by credentials, relay keys and administration sessions. */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.crypto;
