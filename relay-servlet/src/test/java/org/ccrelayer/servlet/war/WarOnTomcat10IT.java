package org.ccrelayer.servlet.war;

class WarOnTomcat10IT extends WarContract {
    WarOnTomcat10IT() {
        super(new TomcatDistribution(System.getProperty("test.tomcat-10")));
    }
}
