/** The servlet containers that tests run in: one class path per container, chosen by the build. */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.servlet.container;
