// traffic: mail traffic made up from a seed, the same octets every time.
//
// Commands, replies and bodies of realistic shape. Where lines that were really said are given
// (recordings.hpp), each tenth is one of them.

#ifndef SANSMTP_BENCH_TRAFFIC_HPP
#define SANSMTP_BENCH_TRAFFIC_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace traffic {

// SplitMix64: one seed, one corpus, on every machine.
class dice {
 public:
  explicit dice(std::uint64_t seed) : state_(seed) {}

  std::size_t below(std::size_t sides) {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return static_cast<std::size_t>((z ^ (z >> 31)) % sides);
  }
  bool one_in(std::size_t n) { return below(n) == 0; }

  template <std::size_t N>
  std::string_view pick(const std::string_view (&choices)[N]) {
    return choices[below(N)];
  }
  std::string word(std::string_view letters, std::size_t least, std::size_t most) {
    std::string out(least + below(most - least + 1), ' ');
    for (char& c : out) c = letters[below(letters.size())];
    return out;
  }

 private:
  std::uint64_t state_;
};

inline constexpr std::string_view lower_letters = "abcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view base64_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

inline std::string domain(dice& d) {
  static constexpr std::string_view tops[] = {"com", "org", "net", "example", "co.uk", "de", "io"};
  std::string out;
  if (d.one_in(3)) out += d.word(lower_letters, 2, 6) + ".";
  return out + d.word(lower_letters, 4, 14) + "." + std::string(d.pick(tops));
}

inline std::string mailbox(dice& d) {
  std::string local = d.word(lower_letters, 3, 9);
  if (d.one_in(2)) local.append(".").append(d.word(lower_letters, 3, 10));
  if (d.one_in(8)) local.append("+").append(d.word(lower_letters, 3, 6));
  if (!d.one_in(40)) return local.append("@").append(domain(d));
  std::string quoted = "\"";
  return quoted.append(local).append(" ").append(d.word(lower_letters, 2, 5)).append("\"@").append(domain(d));
}

using recorded = std::span<const std::string>;

// Whether the item of this number is a recorded one; it is appended then.
inline bool is_recorded(std::string& out, std::size_t number, recorded said) {
  if (said.empty() || number % 10 != 9) return false;
  out += said[number / 10 % said.size()];
  return true;
}

// Command lines as a busy server sees them: a transaction has one MAIL and a few RCPT.
inline std::string commands(std::size_t lines, recorded said = {}) {
  dice d(1);
  std::string out;
  for (std::size_t written = 0; written < lines; ++written) {
    if (is_recorded(out, written, said)) continue;
    switch (d.below(20)) {
      case 0:
      case 1: out += "EHLO " + domain(d); break;
      case 2:
      case 3:
      case 4: out += "MAIL FROM:<" + mailbox(d) + ">"; break;
      case 5:
      case 6:
        out += "MAIL FROM:<" + mailbox(d) + "> SIZE=" + std::to_string(d.below(30'000'000)) + " BODY=8BITMIME";
        break;
      case 7: out += "mail from:<" + mailbox(d) + "> RET=HDRS ENVID=" + d.word(lower_letters, 8, 20); break;
      case 8:
      case 9:
      case 10:
      case 11:
      case 12: out += "RCPT TO:<" + mailbox(d) + ">"; break;
      case 13:
        out += "RCPT TO:<" + mailbox(d) + "> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;" + d.word(lower_letters, 5, 9) + "@" +
               domain(d);
        break;
      case 14:
      case 15: out += "DATA"; break;
      case 16: out += "BDAT " + std::to_string(d.below(1'000'000)) + (d.one_in(2) ? " LAST" : ""); break;
      case 17: out += "RSET"; break;
      case 18: out += "QUIT"; break;
      default: out += d.one_in(2) ? "NOOP" : "STARTTLS"; break;
    }
    out += "\r\n";
  }
  return out;
}

// Replies as a busy client sees them, one in ten with several lines.
inline std::string replies(std::size_t count, recorded said = {}) {
  static constexpr std::string_view singles[] = {"250 2.1.0 Ok",
                                                 "250 2.1.5 Ok",
                                                 "354 End data with <CR><LF>.<CR><LF>",
                                                 "220 2.0.0 Ready to start TLS",
                                                 "221 2.0.0 Bye",
                                                 "250 OK",
                                                 "334 VXNlcm5hbWU6",
                                                 "235 2.7.0 Authentication successful",
                                                 "451 4.7.1 Greylisting in action, please come back later",
                                                 "452 4.2.2 Mailbox full"};
  dice d(2);
  std::string out;
  for (std::size_t written = 0; written < count; ++written) {
    if (is_recorded(out, written, said)) continue;
    if (d.one_in(10)) {
      const std::string name = domain(d);
      out += "550-5.7.1 " + name + " has refused this message, because\r\n550-5.7.1 " + d.word(lower_letters, 20, 60) +
             "\r\n550 5.7.1 See https://" + name + "/" + d.word(lower_letters, 6, 12);
    } else if (d.one_in(4)) {
      out += "250 2.0.0 Ok: queued as " + d.word("0123456789ABCDEF", 10, 11);
    } else if (d.one_in(6)) {
      out += "550 5.1.1 <" + mailbox(d) + ">: Recipient address rejected: User unknown";
    } else {
      out += d.pick(singles);
    }
    out += "\r\n";
  }
  return out;
}

// Replies to EHLO, one behind the other.
inline std::string ehlo_replies(std::size_t count, recorded said = {}) {
  static constexpr std::string_view keywords[] = {"PIPELINING",
                                                  "8BITMIME",
                                                  "SMTPUTF8",
                                                  "CHUNKING",
                                                  "DSN",
                                                  "ENHANCEDSTATUSCODES",
                                                  "STARTTLS",
                                                  "ETRN",
                                                  "VRFY",
                                                  "AUTH PLAIN LOGIN",
                                                  "AUTH SCRAM-SHA-256 PLAIN LOGIN XOAUTH2",
                                                  "BINARYMIME",
                                                  "REQUIRETLS",
                                                  "X-ODD-ONE 1 2"};
  dice d(3);
  std::string out;
  for (std::size_t written = 0; written < count; ++written) {
    if (is_recorded(out, written, said)) continue;
    out += "250-" + domain(d) + " at your service\r\n250-SIZE " + std::to_string(d.below(200'000'000)) + "\r\n";
    for (const std::string_view keyword : keywords)
      if (!d.one_in(3)) out.append("250-").append(keyword).append("\r\n");
    out += "250 HELP\r\n";
  }
  return out;
}

// Lists of parameters as MAIL and RCPT carry them, one a line.
inline std::string mail_parameter_lists(std::size_t count) {
  dice d(5);
  std::string out;
  for (std::size_t written = 0; written < count; ++written) {
    out += "SIZE=" + std::to_string(d.below(30'000'000));
    if (!d.one_in(3)) out += d.one_in(8) ? " BODY=7BIT" : " BODY=8BITMIME";
    if (d.one_in(3)) out += " SMTPUTF8";
    if (d.one_in(4)) out += (d.one_in(2) ? " RET=HDRS ENVID=" : " RET=FULL ENVID=") + d.word(lower_letters, 8, 20);
    if (d.one_in(6)) out += d.one_in(2) ? " AUTH=<>" : " AUTH=" + d.word(lower_letters, 3, 9) + "+2Bx@" + domain(d);
    if (d.one_in(12)) out += " BY=" + std::to_string(60 + d.below(9000)) + ";RT MT-PRIORITY=3";
    out += '\n';
  }
  return out;
}
inline std::string rcpt_parameter_lists(std::size_t count) {
  static constexpr std::string_view notify[] = {"NEVER", "SUCCESS,FAILURE", "FAILURE", "FAILURE,DELAY"};
  dice d(6);
  std::string out;
  for (std::size_t written = 0; written < count; ++written) {
    out.append("NOTIFY=").append(d.pick(notify));
    if (!d.one_in(4))
      out += " ORCPT=rfc822;" + d.word(lower_letters, 5, 9) + (d.one_in(5) ? "+2B" + d.word(lower_letters, 2, 6) : "") +
             "@" + domain(d);
    out += '\n';
  }
  return out;
}

enum class body { base64, prose, html, dots };

// Content as it travels behind DATA: dots stuffed, ended by its own dot.
inline std::string message(body kind, std::size_t octets) {
  static constexpr std::string_view tags[] = {"<td class=3D\"x\">", "</td>", "<br>", "=E2=80=99", "=20", "&nbsp;", "="};
  dice d(4);
  std::string out;
  while (out.size() < octets) {
    switch (kind) {
      case body::base64: out += d.word(base64_letters, 76, 76); break;
      case body::prose: {
        std::string line;
        const std::size_t length = d.one_in(8) ? 0 : 30 + d.below(48);
        while (line.size() < length) line += d.word(lower_letters, 1, 9) + (d.one_in(9) ? ". " : " ");
        out += line;
        break;
      }
      case body::html: {
        std::string line;
        while (line.size() < 60) line += d.word(lower_letters, 2, 9) + std::string(d.pick(tags));
        if (d.one_in(30)) line.insert(0, "..");
        out += line;
        break;
      }
      case body::dots: out.append(".").append(d.word(".ab", 1, 3)); break;  // lines of 1 to 3, each stuffed
    }
    out += "\r\n";
  }
  return out + ".\r\n";
}

}  // namespace traffic

#endif
