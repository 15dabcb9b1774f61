// What the emulated driver offers to a library that puts work of its own into streams.
#pragma once
#include <cstddef>

extern "C" {
// The status that a test wants the next call of a name to answer with, or 0.
int m1emu_injected(const char *call);
// 0 if the device takes work from this thread: it has a context, and no earlier work has failed.
int m1emu_ready();
// Puts work into a stream, as late as the driver's rules allow. `run` gets a copy of the argument and answers with a
// driver's code; any but 0 loses the context.
int m1emu_submit(void *stream, int (*run)(const void *), const void *argument, size_t bytes);
// Whether memory lies in one allocation.
int m1emu_owns(const void *at, size_t bytes);
// Counts an object that was made, or destroyed.
void m1emu_object(void *object, int made);
// Keeps a text for a test's message.
void m1emu_say(const char *text);
}
