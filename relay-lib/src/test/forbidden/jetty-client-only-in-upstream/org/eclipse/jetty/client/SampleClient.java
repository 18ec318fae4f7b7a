package org.eclipse.jetty.client;

public class SampleClient {}
