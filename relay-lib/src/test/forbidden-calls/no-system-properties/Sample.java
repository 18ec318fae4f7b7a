class Sample {
    void call() {
        System.setProperty("a", "b"); // forbidden
        System.clearProperty("a"); // forbidden
        System.setProperties(System.getProperties()); // forbidden
    }
}
