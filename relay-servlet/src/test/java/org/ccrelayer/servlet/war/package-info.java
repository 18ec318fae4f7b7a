/** Tests of the WAR as operators use it: in containers that run as processes of their own. */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.servlet.war;
