package org.ccrelayer.servlet.war;

class WarOnJettyEe11IT extends WarContract {
    WarOnJettyEe11IT() {
        super(new JettyWebapp("ee11"));
    }
}
