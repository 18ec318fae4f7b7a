class Sample {
    void call(Runtime runtime, Thread hook) {
        runtime.addShutdownHook(hook); // forbidden
        runtime.halt(1); // forbidden
        System.exit(1); // forbidden
    }
}
