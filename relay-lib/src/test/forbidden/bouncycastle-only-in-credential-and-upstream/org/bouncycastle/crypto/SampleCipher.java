package org.bouncycastle.crypto;

public class SampleCipher {}
