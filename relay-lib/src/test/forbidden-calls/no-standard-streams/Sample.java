class Sample {
    void call(IllegalStateException cause) {
        System.setOut(null); // forbidden
        System.setErr(null); // forbidden
        System.out.println("a"); // forbidden
        System.err.println("a"); // forbidden
        cause.printStackTrace(); // forbidden
    }
}
