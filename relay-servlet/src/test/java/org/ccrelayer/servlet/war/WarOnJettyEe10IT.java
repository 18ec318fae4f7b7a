package org.ccrelayer.servlet.war;

class WarOnJettyEe10IT extends WarContract {
    WarOnJettyEe10IT() {
        super(new JettyWebapp("ee10"));
    }
}
