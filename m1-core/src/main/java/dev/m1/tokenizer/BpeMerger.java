package dev.m1.tokenizer;

import java.util.Arrays;

/**
 * Scratch space of one encoding: turns the symbols of a word into tokens by merging, again and again, the pair with
 * the lowest rank, the leftmost first (Sennrich et al. 2016, arXiv 1508.07909). Short words are scanned; long ones,
 * which may be the whole text, use a heap over a linked list and take O(n log n).
 */
final class BpeMerger {
    private static final int SCAN_LIMIT = 40; // symbols; measured break-even between scan and heap is around 50

    private final PairMap merges; // pair -> rank << 32 | merged id
    int[] symbols = new int[256]; // filled by the caller, merged in place
    int size;

    private long[] ranks = new long[SCAN_LIMIT]; // [i]: merge of symbols i and i + 1, or NONE
    private int[] next;
    private int[] previous;
    private long[] heap;
    private int heapSize;

    BpeMerger(PairMap merges) {
        this.merges = merges;
    }

    void add(int symbol) {
        if (size == symbols.length) {
            symbols = Arrays.copyOf(symbols, size * 2);
        }
        symbols[size++] = symbol;
    }

    /** Merges {@code symbols[0, size)} and sets {@code size} to the number of tokens. */
    void merge() {
        if (size <= SCAN_LIMIT) {
            scan();
        } else {
            mergeByHeap();
        }
    }

    private void scan() {
        int last = size - 1;
        for (int i = 0; i < last; i++) {
            ranks[i] = merges.get(symbols[i], symbols[i + 1]);
        }
        while (last > 0) {
            int best = 0;
            long lowest = ranks[0];
            for (int i = 1; i < last; i++) {
                if (ranks[i] < lowest) {
                    lowest = ranks[i];
                    best = i;
                }
            }
            if (lowest == PairMap.NONE) {
                break;
            }
            symbols[best] = (int) lowest;
            for (int i = best + 1; i < last; i++) {
                symbols[i] = symbols[i + 1];
                ranks[i - 1] = ranks[i];
            }
            last--;
            if (best < last) {
                ranks[best] = merges.get(symbols[best], symbols[best + 1]);
            }
            if (best > 0) {
                ranks[best - 1] = merges.get(symbols[best - 1], symbols[best]);
            }
        }
        size = last + 1;
    }

    private void mergeByHeap() {
        int n = size;
        reserve(n);
        heapSize = 0;
        for (int i = 0; i < n; i++) {
            previous[i] = i - 1;
            next[i] = i + 1;
        }
        for (int i = 0; i < n; i++) {
            rank(i, n);
        }
        for (int i = (heapSize >> 1) - 1; i >= 0; i--) {
            siftDown(i);
        }
        while (heapSize > 0) {
            long top = pop();
            int at = (int) top;
            if (ranks[at] >>> 32 != top >>> 32) {
                continue; // the pair has changed since this entry was made
            }
            int merged = (int) ranks[at];
            int right = next[at];
            symbols[at] = merged;
            ranks[right] = PairMap.NONE;
            next[at] = next[right];
            if (next[right] < n) {
                previous[next[right]] = at;
            }
            rankAndPush(at, n);
            if (previous[at] >= 0) {
                rankAndPush(previous[at], n);
            }
        }
        int kept = 0;
        for (int i = 0; i < n; i = next[i]) {
            symbols[kept++] = symbols[i];
        }
        size = kept;
    }

    private void rank(int at, int n) {
        long rank = next[at] < n ? merges.get(symbols[at], symbols[next[at]]) : PairMap.NONE;
        ranks[at] = rank;
        if (rank != PairMap.NONE) {
            heap[heapSize++] = entry(rank, at);
        }
    }

    private void rankAndPush(int at, int n) {
        int before = heapSize;
        rank(at, n);
        if (heapSize > before) {
            siftUp(before);
        }
    }

    private static long entry(long rank, int at) {
        return rank & 0xFFFFFFFF_00000000L | at;
    }

    private void reserve(int n) {
        if (ranks.length < n) {
            ranks = new long[n];
        }
        if (next == null || next.length < n) {
            next = new int[n];
            previous = new int[n];
        }
        // Each merge takes one entry away and adds at most two, and there are fewer than n merges.
        if (heap == null || heap.length < 2L * n) {
            heap = new long[Math.toIntExact(2L * n)];
        }
    }

    private long pop() {
        long top = heap[0];
        heap[0] = heap[--heapSize];
        siftDown(0);
        return top;
    }

    private void siftUp(int from) {
        int at = from;
        long item = heap[at];
        while (at > 0 && heap[at - 1 >> 1] > item) {
            heap[at] = heap[at - 1 >> 1];
            at = at - 1 >> 1;
        }
        heap[at] = item;
    }

    private void siftDown(int from) {
        int at = from;
        long item = heap[at];
        while (true) {
            int child = 2 * at + 1;
            if (child >= heapSize) {
                break;
            }
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= item) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = item;
    }
}
