package io.lettuce.core;

public class SampleClient {}
