// The entry points of libcublasLt.so.13 that m1 calls, for bfloat16 matrices and float results. Work runs when the
// emulated driver runs what was submitted. Stricter than the real library: an algorithm is good for the problem that it
// was chosen for, and for no other.
#include "cublas.h"
#include "hooks.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#define API extern "C" __attribute__((visibility("default")))

namespace {

// ---- objects ---------------------------------------------------------------------------------------------------------

struct Object {
    virtual ~Object() = default;
};
struct Handle : Object {};
struct Layout : Object { // column-major
    int type;
    uint64_t rows, columns;
    int64_t ld;
    size_t size() const { return type == CUDA_R_32F ? 4 : 2; }
    size_t bytes() const { return (uint64_t(ld) * (columns - 1) + rows) * size(); }
};
struct Description : Object {
    int compute, scale;
    int32_t transpose[2] = {CUBLAS_OP_N, CUBLAS_OP_N}; // of A and B
};
struct Preference : Object {
    uint64_t workspace = 0;
    uint32_t reductions = CUBLASLT_REDUCTION_SCHEME_MASK;
    uint32_t alignments[4] = {256, 256, 256, 256}; // of A, B, C, D
};

std::set<void *> live;

// The object behind a caller's handle, or null if there is none of this kind.
template <class T> T *at(void *handle) {
    return live.count(handle) ? dynamic_cast<T *>(static_cast<Object *>(handle)) : nullptr;
}

Status refused(Status status, const std::string &text) {
    m1emu_say(("cuBLASLt: " + text).c_str());
    return status;
}

Status enter(const char *call) {
    const int injected = m1emu_injected(call);
    if (injected) {
        return refused(Status(injected), std::string("injected into ") + call);
    }
    return CUBLAS_STATUS_SUCCESS;
}

template <class T> Status created(T *object, void **to) {
    live.insert(static_cast<Object *>(object));
    m1emu_object(static_cast<Object *>(object), 1);
    *to = static_cast<Object *>(object);
    return CUBLAS_STATUS_SUCCESS;
}

template <class T> Status destroyed(void *handle) {
    T *object = at<T>(handle);
    if (!object) {
        return refused(CUBLAS_STATUS_INVALID_VALUE, "destroys what is not there");
    }
    live.erase(handle);
    m1emu_object(handle, 0);
    delete object;
    return CUBLAS_STATUS_SUCCESS;
}

template <class T> bool read(T &to, const void *from, size_t bytes) {
    if (bytes != sizeof to || !from) {
        return false;
    }
    memcpy(&to, from, sizeof to);
    return true;
}

// ---- problems and algorithms -----------------------------------------------------------------------------------------

// D [m, n] = op(A) [m, k] op(B) [k, n]; all that an algorithm is chosen by.
struct Problem {
    uint64_t m, n, k;
    int64_t lda, ldb, ldd;
};

std::string describe(const Description &d, const Layout &a, const Layout &b, const Layout &c, const Layout &to,
                     Problem &problem) {
    if (d.compute != CUBLAS_COMPUTE_32F || d.scale != CUDA_R_32F) {
        return "computes in another type";
    }
    if (a.type != CUDA_R_16BF || b.type != CUDA_R_16BF || c.type != CUDA_R_32F || to.type != CUDA_R_32F) {
        return "matrices of other types than bfloat16 and float";
    }
    if (d.transpose[0] != CUBLAS_OP_T || d.transpose[1] != CUBLAS_OP_N) {
        return "only A transposed and B as it is are emulated";
    }
    problem = {a.columns, b.columns, a.rows, a.ld, b.ld, to.ld};
    if (b.rows != problem.k || to.rows != problem.m || to.columns != problem.n || c.rows != to.rows ||
        c.columns != to.columns || c.ld != to.ld) {
        return "shapes do not fit";
    }
    return "";
}

enum { MAGIC, CHUNK, SPLITS, WORKSPACE, ALIGNMENTS, PROBLEM, CHECK = 7 }; // words of an algorithm
constexpr uint64_t SIGNED = 0x6d31656d75616c67;

uint64_t hash(const void *from, size_t bytes) { // FNV-1a
    uint64_t h = 0xcbf29ce484222325;
    for (size_t i = 0; i < bytes; i++) {
        h = (h ^ static_cast<const unsigned char *>(from)[i]) * 0x100000001b3;
    }
    return h;
}

uint64_t signature(const Algo &algo) { return hash(algo.data, CHECK * sizeof(uint64_t)) ^ SIGNED; }

// How many columns are summed before they are added to the rest: another number, and other bits, for other shapes, as
// with the real library.
uint64_t chunk(const Problem &p) { return uint64_t(16) << (p.n / 64 % 3); }

Algo algorithm(const Problem &p, const Preference &preference, uint64_t splits, uint64_t workspace) {
    Algo algo = {};
    algo.data[MAGIC] = SIGNED;
    algo.data[CHUNK] = chunk(p);
    algo.data[SPLITS] = splits;
    algo.data[WORKSPACE] = workspace;
    for (int i = 0; i < 4; i++) {
        algo.data[ALIGNMENTS] |= uint64_t(preference.alignments[i]) << 16 * i;
    }
    algo.data[PROBLEM] = hash(&p, sizeof p);
    algo.data[CHECK] = signature(algo);
    return algo;
}

// ---- the product -----------------------------------------------------------------------------------------------------

struct Run {
    Problem problem;
    Algo algo;
    float alpha, beta;
    const uint16_t *a, *b;
    const float *c;
    float *d;
    void *workspace;
};

float from_bf16(uint16_t x) {
    const uint32_t bits = uint32_t(x) << 16;
    float f;
    memcpy(&f, &bits, sizeof f);
    return f;
}

__attribute__((optimize("O3"))) int run(const void *argument) {
    const Run &r = *static_cast<const Run *>(argument);
    const Problem &p = r.problem;
    const size_t a_bytes = (p.lda * (p.m - 1) + p.k) * 2, b_bytes = (p.ldb * (p.n - 1) + p.k) * 2;
    const size_t d_bytes = (p.ldd * (p.n - 1) + p.m) * 4;
    if (!m1emu_owns(r.a, a_bytes) || !m1emu_owns(r.b, b_bytes) || !m1emu_owns(r.d, d_bytes) ||
        (r.beta != 0 && !m1emu_owns(r.c, d_bytes)) ||
        (r.algo.data[WORKSPACE] && !m1emu_owns(r.workspace, r.algo.data[WORKSPACE]))) {
        m1emu_say("cuBLASLt: a product reaches beyond device memory");
        return 700; // CUDA_ERROR_ILLEGAL_ADDRESS
    }
    if (r.algo.data[WORKSPACE]) {
        memset(r.workspace, 0xff, r.algo.data[WORKSPACE]); // NaN: whatever was there is lost
    }
    std::vector<float> a(p.k * p.m); // [k, m]
    for (uint64_t i = 0; i < p.m; i++) {
        for (uint64_t k = 0; k < p.k; k++) {
            a[k * p.m + i] = from_bf16(r.a[p.lda * i + k]);
        }
    }
    std::vector<float> sums(p.m), part(p.m);
    for (uint64_t j = 0; j < p.n; j++) {
        std::fill(sums.begin(), sums.end(), 0.0f);
        for (uint64_t from = 0; from < p.k; from += r.algo.data[CHUNK]) {
            std::fill(part.begin(), part.end(), 0.0f);
            const uint64_t end = std::min(p.k, from + r.algo.data[CHUNK]);
            for (uint64_t k = from; k < end; k++) {
                const float x = from_bf16(r.b[p.ldb * j + k]);
                const float *w = &a[k * p.m];
                float *to = part.data();
                for (uint64_t i = 0; i < p.m; i++) {
                    to[i] += w[i] * x; // the product is exact
                }
            }
            for (uint64_t i = 0; i < p.m; i++) {
                sums[i] += part[i];
            }
        }
        float *to = r.d + p.ldd * j;
        for (uint64_t i = 0; i < p.m; i++) { // C is not read without beta: it may hold anything
            to[i] = r.beta == 0 ? r.alpha * sums[i] : r.alpha * sums[i] + r.beta * r.c[p.ldd * j + i];
        }
    }
    return 0;
}

} // namespace

// ---- library and status ----------------------------------------------------------------------------------------------

#define OBJECT(pointer, Type, handle)                                                                                  \
    Type *pointer = at<Type>(handle);                                                                                  \
    if (!pointer) {                                                                                                    \
        return refused(CUBLAS_STATUS_INVALID_VALUE, std::string(__func__) + ": not a " #Type);                         \
    }
#define ENTER                                                                                                          \
    if (const Status status = enter(__func__)) {                                                                       \
        return status;                                                                                                 \
    }

API size_t cublasLtGetVersion() { return 130000; }
API const char *cublasLtGetStatusName(Status status) {
    switch (status) {
#define NAME(s)                                                                                                        \
    case s: return #s;
        NAME(CUBLAS_STATUS_SUCCESS)
        NAME(CUBLAS_STATUS_NOT_INITIALIZED)
        NAME(CUBLAS_STATUS_ALLOC_FAILED)
        NAME(CUBLAS_STATUS_INVALID_VALUE)
        NAME(CUBLAS_STATUS_ARCH_MISMATCH)
        NAME(CUBLAS_STATUS_MAPPING_ERROR)
        NAME(CUBLAS_STATUS_EXECUTION_FAILED)
        NAME(CUBLAS_STATUS_INTERNAL_ERROR)
        NAME(CUBLAS_STATUS_NOT_SUPPORTED)
        NAME(CUBLAS_STATUS_LICENSE_ERROR)
#undef NAME
    }
    return "CUBLAS_STATUS_UNKNOWN";
}
API const char *cublasLtGetStatusString(Status status) {
    return status ? "the emulated library refused the call" : "success";
}
API Status cublasLtCreate(void **to) {
    ENTER
    return m1emu_ready() ? refused(CUBLAS_STATUS_NOT_INITIALIZED, "no context") : created(new Handle, to);
}
API Status cublasLtDestroy(void *handle) { return destroyed<Handle>(handle); }

// ---- descriptions ----------------------------------------------------------------------------------------------------

API Status cublasLtMatrixLayoutCreate(void **to, int type, uint64_t rows, uint64_t columns, int64_t ld) {
    ENTER
    if ((type != CUDA_R_32F && type != CUDA_R_16BF) || rows == 0 || columns == 0 || ld < int64_t(rows)) {
        return refused(CUBLAS_STATUS_INVALID_VALUE, "no such matrix");
    }
    auto *layout = new Layout;
    layout->type = type;
    layout->rows = rows;
    layout->columns = columns;
    layout->ld = ld;
    return created(layout, to);
}
API Status cublasLtMatrixLayoutDestroy(void *layout) { return destroyed<Layout>(layout); }

API Status cublasLtMatmulDescCreate(void **to, int compute, int scale) {
    ENTER
    auto *description = new Description;
    description->compute = compute;
    description->scale = scale;
    return created(description, to);
}
API Status cublasLtMatmulDescDestroy(void *description) { return destroyed<Description>(description); }
API Status cublasLtMatmulDescSetAttribute(void *handle, int attribute, const void *from, size_t bytes) {
    ENTER
    OBJECT(description, Description, handle)
    if ((attribute != CUBLASLT_MATMUL_DESC_TRANSA && attribute != CUBLASLT_MATMUL_DESC_TRANSB) ||
        !read(description->transpose[attribute - CUBLASLT_MATMUL_DESC_TRANSA], from, bytes)) {
        return refused(CUBLAS_STATUS_INVALID_VALUE, "no such attribute of a product");
    }
    return CUBLAS_STATUS_SUCCESS;
}

API Status cublasLtMatmulPreferenceCreate(void **to) {
    ENTER
    return created(new Preference, to);
}
API Status cublasLtMatmulPreferenceDestroy(void *preference) { return destroyed<Preference>(preference); }
API Status cublasLtMatmulPreferenceSetAttribute(void *handle, int attribute, const void *from, size_t bytes) {
    ENTER
    OBJECT(preference, Preference, handle)
    bool done = false;
    if (attribute == CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES) {
        done = read(preference->workspace, from, bytes);
    } else if (attribute == CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK) {
        done = read(preference->reductions, from, bytes);
    } else if (attribute >= CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES &&
               attribute <= CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES) {
        done = read(preference->alignments[attribute - CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES], from, bytes);
    }
    return done ? CUBLAS_STATUS_SUCCESS : refused(CUBLAS_STATUS_INVALID_VALUE, "no such attribute of a preference");
}

// ---- algorithms and products -----------------------------------------------------------------------------------------

// Best first: one that splits K, where that is allowed; one that the device does not support; one that needs a
// workspace, if there is enough; one that needs none.
API Status cublasLtMatmulAlgoGetHeuristic(void *handle, void *description, void *a, void *b, void *c, void *d,
                                          void *preference, int requested, HeuristicResult *results, int *count) {
    ENTER
    OBJECT(library, Handle, handle)
    OBJECT(operation, Description, description)
    OBJECT(from, Layout, a)
    OBJECT(with, Layout, b)
    OBJECT(add, Layout, c)
    OBJECT(to, Layout, d)
    OBJECT(wish, Preference, preference)
    Problem problem;
    const std::string wrong = describe(*operation, *from, *with, *add, *to, problem);
    if (!wrong.empty() || requested <= 0) {
        return refused(CUBLAS_STATUS_INVALID_VALUE, wrong);
    }
    *count = 0;
    if (problem.lda * 2 % 16 || problem.ldb * 2 % 16 || problem.ldd * 4 % 16) {
        return refused(CUBLAS_STATUS_NOT_SUPPORTED, "rows that are not 16-byte aligned");
    }
    const auto offer = [&](uint64_t splits, uint64_t workspace, Status state) {
        if (*count < requested && workspace <= wish->workspace) {
            results[(*count)++] =
                HeuristicResult{algorithm(problem, *wish, splits, workspace), workspace, state, 1.0f, {}};
        }
    };
    if (wish->reductions != CUBLASLT_REDUCTION_SCHEME_NONE) {
        offer(4, problem.m * problem.n * 4, CUBLAS_STATUS_SUCCESS);
    }
    offer(1, 4096, CUBLAS_STATUS_ARCH_MISMATCH);
    offer(1, 4096, CUBLAS_STATUS_SUCCESS);
    offer(1, 0, CUBLAS_STATUS_SUCCESS);
    return CUBLAS_STATUS_SUCCESS;
}

API Status cublasLtMatmulAlgoConfigGetAttribute(const Algo *algo, int attribute, void *to, size_t bytes,
                                                size_t *written) {
    ENTER
    if (algo->data[CHECK] != signature(*algo) || attribute != CUBLASLT_ALGO_CONFIG_SPLITK_NUM || bytes != 4) {
        return refused(CUBLAS_STATUS_INVALID_VALUE, "no such attribute of an algorithm");
    }
    const int32_t splits = int32_t(algo->data[SPLITS]);
    memcpy(to, &splits, sizeof splits);
    *written = sizeof splits;
    return CUBLAS_STATUS_SUCCESS;
}

API Status cublasLtMatmul(void *handle, void *description, const void *alpha, const void *a, void *a_layout,
                          const void *b, void *b_layout, const void *beta, const void *c, void *c_layout, void *d,
                          void *d_layout, const Algo *algo, void *workspace, size_t workspace_bytes, void *stream) {
    ENTER
    OBJECT(library, Handle, handle)
    OBJECT(operation, Description, description)
    OBJECT(from, Layout, a_layout)
    OBJECT(with, Layout, b_layout)
    OBJECT(add, Layout, c_layout)
    OBJECT(to, Layout, d_layout)
    Run work = {};
    const std::string wrong = describe(*operation, *from, *with, *add, *to, work.problem);
    if (!wrong.empty()) {
        return refused(CUBLAS_STATUS_INVALID_VALUE, wrong);
    }
    if (!algo || algo->data[MAGIC] != SIGNED || algo->data[CHECK] != signature(*algo)) {
        return refused(CUBLAS_STATUS_INVALID_VALUE, "an algorithm that no heuristic gave");
    }
    if (algo->data[PROBLEM] != hash(&work.problem, sizeof work.problem)) {
        return refused(CUBLAS_STATUS_INVALID_VALUE, "an algorithm for another shape");
    }
    const void *pointers[4] = {a, b, c, d};
    for (int i = 0; i < 4; i++) {
        const uint64_t alignment = algo->data[ALIGNMENTS] >> 16 * i & 0xffff;
        if (!pointers[i] || alignment == 0 || reinterpret_cast<uintptr_t>(pointers[i]) % alignment) {
            return refused(CUBLAS_STATUS_INVALID_VALUE, std::string("matrix ") + "ABCD"[i] + " is not aligned");
        }
    }
    if (workspace_bytes < algo->data[WORKSPACE] || reinterpret_cast<uintptr_t>(workspace) % 16) {
        return refused(CUBLAS_STATUS_INVALID_VALUE, "a workspace that is too small or not aligned");
    }
    if (!alpha || !beta) {
        return refused(CUBLAS_STATUS_INVALID_VALUE, "no alpha or beta");
    }
    if (m1emu_ready()) {
        return refused(CUBLAS_STATUS_EXECUTION_FAILED, "the context is lost");
    }
    work.algo = *algo;
    memcpy(&work.alpha, alpha, sizeof work.alpha);
    memcpy(&work.beta, beta, sizeof work.beta);
    work.a = static_cast<const uint16_t *>(a);
    work.b = static_cast<const uint16_t *>(b);
    work.c = static_cast<const float *>(c);
    work.d = static_cast<float *>(d);
    work.workspace = workspace;
    return m1emu_submit(stream, run, &work, sizeof work) ? CUBLAS_STATUS_EXECUTION_FAILED : CUBLAS_STATUS_SUCCESS;
}
