package org.ccrelayer.internal.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/** What kind of place a host is. Judged without any look-up. */
enum Reach {
    /** A name, or an address that is routed on the internet. */
    PUBLIC,
    /** A network that is not the internet. */
    PRIVATE,
    /** This machine. */
    LOOPBACK,
    /** A cloud's metadata service, any link-local address, a multicast or reserved address. */
    FORBIDDEN,
    /** Neither a name nor an address in its usual form. */
    MALFORMED;

    private static final Pattern DOTTED = Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");
    private static final Pattern NAME = Pattern.compile(
            "(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern HEX_COLONS = Pattern.compile("\\[[0-9a-f:.]+]");

    /** The kind of a host in lower case, IPv6 addresses in brackets. */
    static Reach of(String host) {
        if (HEX_COLONS.matcher(host).matches()) {
            return ofLiteral(host);
        }
        if (DOTTED.matcher(host).matches()) {
            return ofLiteral(host);
        }
        return NAME.matcher(host).matches() ? ofName(host) : MALFORMED;
    }

    private static Reach ofName(String name) {
        if (name.equals("metadata") || name.equals("metadata.google.internal")) {
            return FORBIDDEN;
        }
        return name.equals("localhost") || name.endsWith(".localhost") ? LOOPBACK : PUBLIC;
    }

    private static Reach ofLiteral(String literal) {
        try {
            // A literal in brackets or with four parts is never looked up. IPv4-mapped IPv6 comes out as IPv4.
            return of(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            return MALFORMED;
        }
    }

    /** The kind of an address. */
    static Reach of(InetAddress resolved) {
        byte[] address = resolved.getAddress();
        return address.length == 4 ? ofIpv4(address) : ofIpv6(address);
    }

    private static Reach ofIpv4(byte[] address) {
        int a = address[0] & 0xff;
        int b = address[1] & 0xff;
        int c = address[2] & 0xff;
        int d = address[3] & 0xff;
        boolean metadata = a == 169 && b == 254 || a == 100 && b == 100 && c == 100 && d == 200;
        if (metadata || a >= 224 || a == 192 && b == 0 && c == 0) {
            return FORBIDDEN;
        }
        if (a == 127) {
            return LOOPBACK;
        }
        boolean ownNetwork = a == 10 || a == 172 && b >= 16 && b <= 31 || a == 192 && b == 168;
        boolean shared = a == 100 && b >= 64 && b <= 127 || a == 198 && (b == 18 || b == 19);
        return a == 0 || ownNetwork || shared ? PRIVATE : PUBLIC;
    }

    private static Reach ofIpv6(byte[] address) {
        int first = (address[0] & 0xff) << 8 | address[1] & 0xff;
        if ((first & 0xffc0) == 0xfe80 || (first & 0xff00) == 0xff00 || isAwsMetadata(address)) {
            return FORBIDDEN;
        }
        if (isLoopbackOrUnset(address)) {
            return address[15] == 1 ? LOOPBACK : PRIVATE;
        }
        if ((first & 0xfe00) == 0xfc00 || (first & 0xffc0) == 0xfec0) {
            return PRIVATE;
        }
        if (startsWith(address, 0x00, 0x64, 0xff, 0x9b) || startsWith(address, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)) {
            return embedded(address, 12);
        }
        return first == 0x2002 ? embedded(address, 2) : PUBLIC;
    }

    /** An IPv4 address inside an IPv6 one is as far away as itself, and never a public upstream's usual form. */
    private static Reach embedded(byte[] address, int at) {
        Reach inner = ofIpv4(Arrays.copyOfRange(address, at, at + 4));
        return inner == FORBIDDEN ? FORBIDDEN : PRIVATE;
    }

    private static boolean isAwsMetadata(byte[] address) {
        return startsWith(address, 0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54);
    }

    private static boolean isLoopbackOrUnset(byte[] address) {
        return startsWith(address, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) && (address[15] & 0xfe) == 0;
    }

    private static boolean startsWith(byte[] address, int... prefix) {
        for (int index = 0; index < prefix.length; index++) {
            if ((address[index] & 0xff) != prefix[index]) {
                return false;
            }
        }
        return true;
    }
}
