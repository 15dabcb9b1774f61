// GGUF CONTEXT NEW_TOKENS THREADS: llama.cpp through its C API, flash attention on; speaks the protocol of PeerProcess.java.
// Of a llama.cpp that is built with cmake in $L:
//   c++ -O2 -std=c++17 -I$L/include -I$L/ggml/include LlamaCppPeer.cpp -L$L/build/bin -lllama -lggml -lggml-base -o peer
#include "llama.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

static double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

static bool feed(llama_context *context, llama_token *ids, int count) {
    if (llama_decode(context, llama_batch_get_one(ids, count)) == 0) {
        return true;
    }
    fprintf(stderr, "llama_decode failed\n");
    return false;
}

static llama_token likeliest(llama_context *context, int vocabulary) {
    const float *logits = llama_get_logits_ith(context, -1);
    llama_token best = 0;
    for (llama_token id = 1; id < vocabulary; id++) {
        best = logits[id] > logits[best] ? id : best;
    }
    return best;
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "arguments: GGUF CONTEXT NEW_TOKENS THREADS\n");
        return 2;
    }
    const int fresh = atoi(argv[3]);
    llama_backend_init();
    llama_model *model = llama_model_load_from_file(argv[1], llama_model_default_params());
    if (!model) {
        return 1;
    }
    llama_context_params parameters = llama_context_default_params();
    parameters.n_ctx = atoi(argv[2]);
    parameters.n_batch = parameters.n_ctx; // a prompt in one call, which works on n_ubatch tokens at a time
    parameters.n_threads = parameters.n_threads_batch = atoi(argv[4]);
    parameters.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_ENABLED;
    llama_context *context = llama_init_from_model(model, parameters);
    if (!context) {
        return 1;
    }
    const llama_vocab *vocabulary = llama_model_get_vocab(model);
    const int size = llama_vocab_n_tokens(vocabulary);
    std::string system = llama_print_system_info();
    for (char &c : system) {
        c = c == '"' || c == '\\' || c == '\n' ? ' ' : c;
    }
    printf("{\"ready\": \"%s\"}\n", system.c_str());
    fflush(stdout);
    for (std::string file; std::getline(std::cin, file);) {
        std::ifstream in(file);
        std::stringstream content;
        content << in.rdbuf();
        const std::string text = content.str();
        std::vector<llama_token> ids(text.size() + 8);
        const int count = llama_tokenize(vocabulary, text.data(), text.size(), ids.data(), ids.size(), false, false);
        if (count < 1) {
            return 1;
        }
        llama_memory_clear(llama_get_memory(context), true);
        const double begin = now();
        if (!feed(context, ids.data(), count)) {
            return 1;
        }
        llama_token id = likeliest(context, size);
        const double first = now();
        for (int i = 1; i < fresh; i++) {
            if (!feed(context, &id, 1)) {
                return 1;
            }
            id = likeliest(context, size);
        }
        printf("{\"promptTokens\": %d, \"promptSeconds\": %.4f, \"newTokens\": %d, \"decodeTokensPerSecond\": %.3f}\n",
               count, first - begin, fresh, (fresh - 1) / (now() - first));
        fflush(stdout);
    }
    return 0;
}
