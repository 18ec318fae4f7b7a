package org.ccrelayer;

public class Root {}
