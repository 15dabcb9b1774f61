/** A program that thinks with m1. On the class path this file does nothing. */
module org.example.host {
    requires dev.m1.core;
}
