/** Chat templates: messages in, prompt text out, with what a user wrote told apart from what the template wrote. */
package dev.m1.chat;
