/**
 * Operating the relay: the rules for accounts and relay keys, and the HTTP administration API with its sessions.
 *
 * <p>Starting points: {@link org.ccrelayer.internal.admin.StoreAdministration} for the rules, {@link
 * org.ccrelayer.internal.admin.AdminApi} for the API, whose routes stand in one table.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.admin;
