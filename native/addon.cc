// ML-DSA (FIPS 204: pure, hedged) with AWS-LC. The interface `Addon` of the native engine in src/algorithms describes
// the parameters and results of each function.
// Functions that compute run on the thread pool of libuv and return a promise.
// There is no state besides the keys, which JavaScript refers to by handles.
// Therefore any number of threads of a process can load this addon.

#define NAPI_VERSION 8
#include <node_api.h>
#include <openssl/base.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/mem.h>
#include <openssl/nid.h>

#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

namespace {

// OPENSSL_free zeroes what it frees (FIPS 204 §3.6.3).
template <typename T>
struct Zeroing {
  using value_type = T;
  T *allocate(size_t count) {
    if (void *memory = OPENSSL_malloc(count * sizeof(T))) return static_cast<T *>(memory);
    std::abort();
  }
  void deallocate(T *memory, size_t) { OPENSSL_free(memory); }
};
using Octets = std::vector<uint8_t, Zeroing<uint8_t>>;
using Key = bssl::UniquePtr<EVP_PKEY>;
using Digest = bssl::UniquePtr<EVP_MD_CTX>;

constexpr napi_type_tag kKeyTag = {0x6d6c2d6473612d6b, 0x65792d6177732d6c};

// The arguments of a call. Each reader returns whether the argument has the expected type.
struct Arguments {
  napi_env env;
  napi_value values[5];

  Arguments(napi_env env, napi_callback_info info) : env(env) {
    size_t count = 5;
    napi_get_cb_info(env, info, &count, values, nullptr, nullptr);
  }

  bool Read(int index, int *nid) const {
    char text[16] = "";
    napi_get_value_string_utf8(env, values[index], text, sizeof text, nullptr);
    const std::string_view level(text);
    *nid = level == "ml-dsa-44"   ? NID_MLDSA44
           : level == "ml-dsa-65" ? NID_MLDSA65
           : level == "ml-dsa-87" ? NID_MLDSA87
                                  : NID_undef;
    return *nid != NID_undef;
  }

  bool Read(int index, Octets *octets) const {
    napi_typedarray_type type;
    size_t length;
    void *data;
    if (napi_get_typedarray_info(env, values[index], &type, &length, &data, nullptr, nullptr) != napi_ok ||
        type != napi_uint8_array)
      return false;
    octets->assign(static_cast<uint8_t *>(data), static_cast<uint8_t *>(data) + length);
    return true;
  }

  // Keeps the key alive while it is in use, even if the handle is destroyed.
  bool Read(int index, Key *key) const {
    Key *held = Handle(index);
    if (held != nullptr) *key = bssl::UpRef(*held);
    return *key != nullptr;
  }

  Key *Handle(int index) const {
    bool is_key = false;
    void *held = nullptr;
    if (napi_check_object_type_tag(env, values[index], &kKeyTag, &is_key) == napi_ok && is_key)
      napi_get_value_external(env, values[index], &held);
    return static_cast<Key *>(held);
  }
};

napi_value Misuse(napi_env env) {
  napi_throw_type_error(env, nullptr, "An argument has the wrong type, or its key was destroyed");
  return nullptr;
}

napi_value Failure(napi_env env) {
  napi_value text = nullptr, error = nullptr;
  napi_create_string_utf8(env, "AWS-LC failed to compute this", NAPI_AUTO_LENGTH, &text);
  napi_create_error(env, nullptr, text, &error);
  return error;
}

napi_value HandleOf(napi_env env, Key key) {
  napi_value handle = nullptr;
  auto release = [](napi_env, void *held, void *) { delete static_cast<Key *>(held); };
  auto held = std::make_unique<Key>(std::move(key));
  if (napi_create_external(env, held.get(), release, nullptr, &handle) != napi_ok) return nullptr;
  held.release();
  napi_type_tag_object(env, handle, &kKeyTag);
  return handle;
}

napi_value BufferOf(napi_env env, const Octets &octets) {
  napi_value buffer = nullptr;
  napi_create_buffer_copy(env, octets.size(), octets.data(), nullptr, &buffer);
  return buffer;
}

// A running call. It owns copies of its arguments.
struct Task {
  napi_async_work work = nullptr;
  napi_deferred promise = nullptr;
  bool done = false;

  virtual ~Task() = default;
  virtual bool Compute() = 0;  // on a thread of the pool, without JavaScript
  virtual napi_value Answer(napi_env env) = 0;
};

napi_value Start(napi_env env, std::unique_ptr<Task> task) {
  auto compute = [](napi_env, void *data) {
    auto *task = static_cast<Task *>(data);
    task->done = task->Compute();
    ERR_clear_error();
  };
  // In a thread that is ending, the call to JavaScript fails, but the memory of the task is freed.
  auto finish = [](napi_env env, napi_status, void *data) {
    std::unique_ptr<Task> task(static_cast<Task *>(data));
    napi_value answer = task->done ? task->Answer(env) : nullptr;
    if (answer != nullptr)
      napi_resolve_deferred(env, task->promise, answer);
    else
      napi_reject_deferred(env, task->promise, Failure(env));
    napi_delete_async_work(env, task->work);
  };
  napi_value promise = nullptr, name = nullptr;
  if (napi_create_promise(env, &task->promise, &promise) != napi_ok ||
      napi_create_string_utf8(env, "ml-dsa", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_async_work(env, nullptr, name, compute, finish, task.get(), &task->work) != napi_ok ||
      napi_queue_async_work(env, task->work) != napi_ok) {
    napi_throw_error(env, nullptr, "The thread pool rejected the task");
    return nullptr;
  }
  task.release();  // to `finish`
  return promise;
}

struct MakeKey : Task {
  int nid;
  Octets secret;
  Key key;

  bool Compute() override {
    key.reset(EVP_PKEY_pqdsa_new_raw_private_key(nid, secret.data(), secret.size()));
    return key != nullptr;
  }
  napi_value Answer(napi_env env) override { return HandleOf(env, std::move(key)); }
};

struct GenerateKey : MakeKey {
  bool Compute() override {
    bssl::UniquePtr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_id(EVP_PKEY_PQDSA, nullptr));
    EVP_PKEY *made = nullptr;
    bool done = context && EVP_PKEY_CTX_pqdsa_set_params(context.get(), nid) && EVP_PKEY_keygen_init(context.get()) &&
                EVP_PKEY_keygen(context.get(), &made);
    key.reset(made);
    return done;
  }
};

struct Sign : Task {
  Key key;
  Octets message, context, signature;

  bool Compute() override {
    Digest digest(EVP_MD_CTX_new());
    EVP_PKEY_CTX *options = nullptr;
    size_t length = EVP_PKEY_size(key.get());
    signature.resize(length);
    return digest && EVP_DigestSignInit(digest.get(), &options, nullptr, nullptr, key.get()) &&
           EVP_PKEY_CTX_set1_signature_context_string(options, context.data(), context.size()) &&
           EVP_DigestSign(digest.get(), signature.data(), &length, message.data(), message.size());
  }
  napi_value Answer(napi_env env) override { return BufferOf(env, signature); }
};

bool IsValid(EVP_PKEY *key, const Octets &message, const Octets &signature, const Octets &context) {
  Digest digest(EVP_MD_CTX_new());
  EVP_PKEY_CTX *options = nullptr;
  return key != nullptr && digest && EVP_DigestVerifyInit(digest.get(), &options, nullptr, nullptr, key) &&
         EVP_PKEY_CTX_set1_signature_context_string(options, context.data(), context.size()) &&
         EVP_DigestVerify(digest.get(), signature.data(), signature.size(), message.data(), message.size());
}

// Returns undefined if the signature does not verify with the given public key.
struct SignVerified : Sign {
  Octets public_key;
  bool valid = false;

  bool Compute() override {
    if (!Sign::Compute()) return false;
    Key given(EVP_PKEY_pqdsa_new_raw_public_key(EVP_PKEY_pqdsa_get_type(key.get()), public_key.data(), public_key.size()));
    valid = IsValid(given.get(), message, signature, context);
    return true;
  }
  napi_value Answer(napi_env env) override {
    if (valid) return Sign::Answer(env);
    napi_value undefined = nullptr;
    napi_get_undefined(env, &undefined);
    return undefined;
  }
};

struct Verify : Task {
  int nid;
  Octets public_key, message, signature, context;
  bool valid = false;

  bool Compute() override {
    Key key(EVP_PKEY_pqdsa_new_raw_public_key(nid, public_key.data(), public_key.size()));
    valid = IsValid(key.get(), message, signature, context);
    return true;
  }
  napi_value Answer(napi_env env) override {
    napi_value answer = nullptr;
    napi_get_boolean(env, valid, &answer);
    return answer;
  }
};

napi_value generateKey(napi_env env, napi_callback_info info) {
  const Arguments given(env, info);
  auto task = std::make_unique<GenerateKey>();
  if (!given.Read(0, &task->nid)) return Misuse(env);
  return Start(env, std::move(task));
}

napi_value importKey(napi_env env, napi_callback_info info) {
  const Arguments given(env, info);
  auto task = std::make_unique<MakeKey>();
  if (!given.Read(0, &task->nid) || !given.Read(1, &task->secret)) return Misuse(env);
  return Start(env, std::move(task));
}

napi_value sign(napi_env env, napi_callback_info info) {
  const Arguments given(env, info);
  auto task = std::make_unique<Sign>();
  if (!given.Read(0, &task->key) || !given.Read(1, &task->message) || !given.Read(2, &task->context))
    return Misuse(env);
  return Start(env, std::move(task));
}

napi_value signVerified(napi_env env, napi_callback_info info) {
  const Arguments given(env, info);
  auto task = std::make_unique<SignVerified>();
  if (!given.Read(0, &task->key) || !given.Read(1, &task->message) || !given.Read(2, &task->public_key))
    return Misuse(env);
  return Start(env, std::move(task));
}

napi_value verify(napi_env env, napi_callback_info info) {
  const Arguments given(env, info);
  auto task = std::make_unique<Verify>();
  if (!given.Read(0, &task->nid) || !given.Read(1, &task->public_key) || !given.Read(2, &task->message) ||
      !given.Read(3, &task->signature) || !given.Read(4, &task->context))
    return Misuse(env);
  return Start(env, std::move(task));
}

using Export = int (*)(const EVP_PKEY *, uint8_t *, size_t *);

// Returns a Buffer that `write` fills with a part of the key.
template <Export write>
napi_value exportPart(napi_env env, napi_callback_info info) {
  const Arguments given(env, info);
  Key key;
  size_t length = 0;
  if (!given.Read(0, &key) || !write(key.get(), nullptr, &length)) return Misuse(env);
  napi_value buffer;
  void *octets;
  if (napi_create_buffer(env, length, &octets, &buffer) != napi_ok) return nullptr;
  return write(key.get(), static_cast<uint8_t *>(octets), &length) ? buffer : Misuse(env);
}

// Returns whether this processor has what an addon compiled for x86-64-v3 needs, such as AVX2.
napi_value supportsX8664V3(napi_env env, napi_callback_info) {
#if defined(__x86_64__)
  const bool supported = __builtin_cpu_supports("x86-64-v3");
#else
  const bool supported = false;
#endif
  napi_value result;
  return napi_get_boolean(env, supported, &result) == napi_ok ? result : nullptr;
}

napi_value destroy(napi_env env, napi_callback_info info) {
  Key *held = Arguments(env, info).Handle(0);
  if (held == nullptr) return Misuse(env);
  held->reset();
  return nullptr;
}

}  // namespace

NAPI_MODULE_INIT() {
  const struct {
    const char *name;
    napi_callback call;
  } functions[] = {
      {"generateKey", generateKey},
      {"importKey", importKey},
      {"publicKey", exportPart<EVP_PKEY_get_raw_public_key>},
      {"seed", exportPart<EVP_PKEY_get_private_seed>},
      {"destroy", destroy},
      {"sign", sign},
      {"signVerified", signVerified},
      {"verify", verify},
      {"supportsX8664V3", supportsX8664V3},
  };
  for (const auto &[name, call] : functions) {
    napi_value function;
    if (napi_create_function(env, name, NAPI_AUTO_LENGTH, call, nullptr, &function) != napi_ok ||
        napi_set_named_property(env, exports, name, function) != napi_ok)
      return nullptr;
  }
  return exports;
}
