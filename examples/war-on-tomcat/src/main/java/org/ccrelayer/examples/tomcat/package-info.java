/** The relay's WAR in an unchanged Tomcat distribution, which is started as a process of its own. */
package org.ccrelayer.examples.tomcat;
