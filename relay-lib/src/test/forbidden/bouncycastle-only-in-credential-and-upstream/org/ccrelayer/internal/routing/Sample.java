package org.ccrelayer.internal.routing;

class Sample {
    Object library = new org.bouncycastle.crypto.SampleCipher();
}
