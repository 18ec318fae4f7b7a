import java.util.logging.Logger;

class Sample {
    void call() {
        Logger.getLogger("a"); // forbidden
        System.getLogger("a"); // forbidden
    }
}
