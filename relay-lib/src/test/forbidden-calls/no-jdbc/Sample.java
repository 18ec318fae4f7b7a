import java.sql.DriverManager;

class Sample {
    void call() throws Exception {
        DriverManager.getConnection("jdbc:a"); // forbidden
    }
}
