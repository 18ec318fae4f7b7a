package io.jsonwebtoken;

public class SampleToken {}
