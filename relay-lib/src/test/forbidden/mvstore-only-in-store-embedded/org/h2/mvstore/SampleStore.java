package org.h2.mvstore;

public class SampleStore {}
