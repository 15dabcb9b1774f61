package dev.m1.tokenizer;

import java.util.Arrays;

/** A growing array of ints. */
final class IntList {
    private int[] items;
    private int size;

    IntList(int capacity) {
        items = new int[Math.max(capacity, 8)];
    }

    void add(int item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, size + (size >> 1));
        }
        items[size++] = item;
    }

    void addAll(int[] source, int count) {
        if (items.length - size < count) {
            items = Arrays.copyOf(items, Math.max(size + count, items.length + (items.length >> 1)));
        }
        System.arraycopy(source, 0, items, size, count);
        size += count;
    }

    int size() {
        return size;
    }

    int get(int index) {
        return items[index];
    }

    int[] toArray() {
        return Arrays.copyOf(items, size);
    }
}
