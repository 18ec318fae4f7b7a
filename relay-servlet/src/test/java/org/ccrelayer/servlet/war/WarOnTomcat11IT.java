package org.ccrelayer.servlet.war;

class WarOnTomcat11IT extends WarContract {
    WarOnTomcat11IT() {
        super(new TomcatDistribution(System.getProperty("test.tomcat-11")));
    }
}
