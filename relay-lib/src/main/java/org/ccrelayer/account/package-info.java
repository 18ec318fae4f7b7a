/**
 * Upstream accounts: whose credential a request travels with, and the port that keeps them.
 *
 * <p>Starting points: {@link org.ccrelayer.account.Account}, {@link org.ccrelayer.account.AccountStore} and
 * {@link org.ccrelayer.account.TokenStore}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.account;
