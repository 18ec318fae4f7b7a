/**
 * Operating the relay from Java: accounts and relay keys are created, edited and read here.
 *
 * <p>Starting point: {@link org.ccrelayer.admin.RelayAdministration}. The HTTP administration API calls nothing else.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.admin;
