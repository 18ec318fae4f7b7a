package org.ccrelayer.internal.routing;

public class Other {}
