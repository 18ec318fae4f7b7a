package org.ccrelayer.http;

abstract class Sample implements jakarta.servlet.Servlet {}
