/** Finds what somebody meant who misspelt a name. */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.names;
