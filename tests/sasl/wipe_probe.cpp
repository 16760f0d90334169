// wipe_probe: does anything of a password stay in memory? Runs every mechanism that hashes one, wipes the
// password, and looks through the whole memory of the process for any eight octets in a row of it or of what was
// derived from it. With the argument "keep" nothing is wiped, to show that the search finds what is there.
//
// Says what it found; ends with 0 when nothing was. The search has its own thread and stack, begun before the
// work, so that it does not itself overwrite what the work left behind. The secrets to look for are computed by the
// compiler and kept with all bits flipped, so that they are not themselves found. Linux alone.

#include <pthread.h>
#include <sched.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "sansmtp/sasl/cram_md5.hpp"
#include "sansmtp/sasl/digest_md5_client.hpp"
#include "sansmtp/sasl/digest_md5_server.hpp"
#include "sansmtp/sasl/scram_client.hpp"
#include "sansmtp/sasl/scram_server.hpp"

using namespace sansmtp;

namespace {

constexpr std::size_t window = 8;  // a register

template <std::size_t N>
constexpr std::array<char, N> flipped(const std::array<char, N>& from, unsigned bits = 0xFF) {
  std::array<char, N> to{};
  for (std::size_t i = 0; i < N; ++i)
    to[i] = static_cast<char>(static_cast<unsigned char>(static_cast<unsigned char>(from[i]) ^ bits));
  return to;
}

// Words of this many octets the other way round, as a hash that reads them high octet first holds them.
template <std::size_t Word, std::size_t N>
constexpr std::array<char, N> swapped(const std::array<char, N>& from) {
  std::array<char, N> to{};
  for (std::size_t i = 0; i < N; ++i) to[i] = from[i / Word * Word + (Word - 1 - i % Word)];
  return to;
}

constexpr std::string_view name = "user", realm = "realm", salt = "NaCl", nonce = "abc", other_nonce = "def";
constexpr iteration_bounds bounds{1, 10};

struct flipped_secrets {
  std::array<char, 32> password{};
  std::array<char, 16> user_hash{}, session_hash{};
  std::array<char, 32> session_hex{};
  std::array<char, 20> salted_1{}, client_1{}, server_1{};
  std::array<char, 32> salted_256{}, client_256{}, server_256{};
  std::array<char, 64> salted_512{}, client_512{}, server_512{};
};

template <std::size_t N>
constexpr void keep(secret from, std::array<char, N>& to) {
  for (std::size_t i = 0; i < N; ++i) to[i] = from.reveal()[i];
  to = flipped(to);
}

template <class Hash, std::size_t N>
constexpr void derive(std::string_view password, std::array<char, N>& salted, std::array<char, N>& client,
                      std::array<char, N>& server) {
  scram_keys<Hash> keys;
  if (!keys.derive(password, salt, 2, bounds)) return;
  keep(keys.salted_password(), salted);
  keep(keys.client_key(), client);
  keep(keys.server_key(), server);
}

constexpr flipped_secrets secrets = [] {
  constexpr std::string_view password = "9f>Kq2#vLw7!xRb4&Zt8@Hm3%Yc6^Nd1";
  flipped_secrets s;
  keep(password, s.password);
  const digest_values values{other_nonce, nonce, "smtp/mx.example", ""};
  const auto user = digest_user_hash(name, realm, password, true);
  const auto session = digest_session_hash(octets_of(user), values);
  keep(octets_of(user), s.user_hash);
  keep(octets_of(session), s.session_hash);
  const auto hex = lower_hex(session);
  keep(octets_of(hex), s.session_hex);
  derive<sha1>(password, s.salted_1, s.client_1, s.server_1);
  derive<sha256>(password, s.salted_256, s.client_256, s.server_256);
  derive<sha512>(password, s.salted_512, s.client_512, s.server_512);
  return s;
}();

// Calls each(what, octets) for all that is looked for, flipped.
template <class Each>
void for_each_needle(Each each) {
  const auto forms = [&](const char* what, const auto& f) {
    each(what, std::string_view(f.data(), f.size()));
    const auto by_four = swapped<4>(f);
    each(what, std::string_view(by_four.data(), f.size()));
    if constexpr (std::tuple_size_v<std::remove_cvref_t<decltype(f)>> % 8 == 0) {
      const auto by_eight = swapped<8>(f);
      each(what, std::string_view(by_eight.data(), f.size()));
    }
  };
  // As HMAC pads a key (RFC 2104 2), beside the key itself.
  const auto as_key = [&](const char* what, const auto& f) {
    forms(what, f);
    forms(what, flipped(f, 0x36));
    forms(what, flipped(f, 0x5c));
  };
  as_key("the password", secrets.password);
  forms("H(user:realm:password)", secrets.user_hash);
  forms("H(A1)", secrets.session_hash);
  forms("HEX(H(A1))", secrets.session_hex);
  as_key("SaltedPassword of SHA-1", secrets.salted_1);
  forms("ClientKey of SHA-1", secrets.client_1);
  as_key("ServerKey of SHA-1", secrets.server_1);
  as_key("SaltedPassword of SHA-256", secrets.salted_256);
  forms("ClientKey of SHA-256", secrets.client_256);
  as_key("ServerKey of SHA-256", secrets.server_256);
  as_key("SaltedPassword of SHA-512", secrets.salted_512);
  forms("ClientKey of SHA-512", secrets.client_512);
  as_key("ServerKey of SHA-512", secrets.server_512);
}

struct needle {
  const char* what;
  char flipped[window];
};
std::array<needle, 4096> needles;
std::size_t needle_count = 0;
std::array<bool, 65536> begins{};  // whether any needle begins with these two octets, flipped

void gather() {
  for_each_needle([](const char* what, std::string_view octets) {
    for (std::size_t i = 0; i + window <= octets.size() && needle_count < needles.size(); ++i) {
      needle& n = needles[needle_count++];
      n.what = what;
      std::memcpy(n.flipped, octets.data() + i, window);
      begins[static_cast<unsigned char>(n.flipped[0]) * 256U + static_cast<unsigned char>(n.flipped[1])] = true;
    }
  });
}

const char* needle_at(const unsigned char* at) {
  if (!begins[(at[0] ^ 0xFFU) * 256U + (at[1] ^ 0xFFU)]) return nullptr;
  for (std::size_t n = 0; n < needle_count; ++n) {
    std::size_t i = 0;
    while (i < window && static_cast<unsigned char>(needles[n].flipped[i]) == (at[i] ^ 0xFFU)) ++i;
    if (i == window) return needles[n].what;
  }
  return nullptr;
}

std::atomic<int> stage{0};
unsigned long found = 0, searched = 0;

void* search(void*) {
  while (stage.load() != 1) sched_yield();
  std::FILE* maps = std::fopen("/proc/self/maps", "r");
  if (maps == nullptr) return nullptr;
  char line[512];
  const char* last = nullptr;
  while (std::fgets(line, sizeof line, maps) != nullptr) {
    unsigned long from = 0, to = 0;
    char access[8]{};
    if (std::sscanf(line, "%lx-%lx %7s", &from, &to, access) != 3 || access[0] != 'r') continue;
    if (std::strstr(line, "[v") != nullptr) continue;  // the kernel's
    const auto here = reinterpret_cast<unsigned long>(&line);
    if (from <= here && here < to) continue;  // this thread's own stack
    searched += to - from;
    for (unsigned long at = from; at + window <= to; ++at) {
      const char* const what = needle_at(reinterpret_cast<const unsigned char*>(at));
      if (what == nullptr) continue;
      if (++found == 1 || what != last) std::printf("%s at %lx, in %s", what, at, line);
      last = what;
    }
  }
  std::fclose(maps);
  stage.store(2);
  return nullptr;
}

output_buffer<4096> said, answered;

template <hash Hash>
bool scram(secret password) {
  scram_client<Hash> client({name, password, nonce, {}, {}, bounds});
  scram_server<Hash> server({false, {}, bounds});
  scram_keys<Hash> keys;
  if (!keys.derive(password, salt, 2, bounds)) return false;
  said.clear();
  answered.clear();
  const auto first = client.respond("", said);
  if (!first || !server.take(*first)) return false;
  const auto challenge = server.challenge(keys.credentials(salt, 2), other_nonce, answered);
  const auto final = client.respond(*challenge, said);
  if (!final || !server.take(*final)) return false;
  const auto verdict = server.challenge(answered);
  return verdict && client.respond(*verdict, said) && client.done() && server.take("") && server.done();
}

bool digest(secret password) {
  digest_md5_client client({name, password, nonce, "mx.example"});
  digest_md5_server server({other_nonce, realm});
  said.clear();
  answered.clear();
  const auto challenge = server.challenge(answered);
  const auto response = client.respond(*challenge, said);
  if (!response || !server.take(*response) || !server.verify(password)) return false;
  const auto verdict = server.challenge(answered);
  return verdict && client.respond(*verdict, said) && client.done() && server.take("") && server.done();
}

bool cram(secret password) {
  cram_md5_client<md5> client(name, password);
  cram_md5_server<md5> server("<1.2@mx.example>");
  said.clear();
  answered.clear();
  const auto challenge = server.challenge(answered);
  const auto response = client.respond(*challenge, said);
  if (!response || !client.done()) return false;
  const auto who = server.take(*response);
  return who && server.verify(*who, password) && server.done();
}

// What a program does with a password: gets it from somewhere, uses it, wipes it.
[[gnu::noinline]] bool work(bool wiping) {
  std::array<char, 32> password;
  for (std::size_t i = 0; i < password.size(); ++i) {
    const volatile char hidden = secrets.password[i];  // so that the compiler can not work it out beforehand
    password[i] = static_cast<char>(~hidden);
  }
  static scram_keys<sha256> left;
  if (!wiping && !left.derive(octets_of(password), salt, 2, bounds)) return false;
  const bool good = scram<sha1>(octets_of(password)) && scram<sha256>(octets_of(password)) &&
                    scram<sha512>(octets_of(password)) && digest(octets_of(password)) && cram(octets_of(password));
  if (wiping) wipe(password);
  return good;
}

}  // namespace

int main(int count, char** arguments) {
  const bool wiping = count < 2 || std::strcmp(arguments[1], "keep") != 0;
  gather();
  pthread_t searcher;
  if (pthread_create(&searcher, nullptr, search, nullptr) != 0) return 2;
  const bool good = work(wiping);
  stage.store(1);
  while (stage.load() != 2) {
  }  // calls nothing: the stack below stays as the work left it
  pthread_join(searcher, nullptr);
  std::printf("%s: %lu places hold a secret, of %lu octets searched for %zu\n", wiping ? "wiped" : "kept", found,
              searched, needle_count);
  if (!good) std::puts("an exchange failed");
  if (needle_count == needles.size()) std::puts("too many needles");
  return good && found == 0 ? 0 : 1;
}
