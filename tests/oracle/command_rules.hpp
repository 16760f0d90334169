// Command lines without their CRLF, from the ABNF of RFC 5321 4.1.1 and of each extension.
//
// Where the library's decided reading departs from the printed rules, an "Exception" says so. "Ours" is a
// bound that no document sets.

#ifndef SANSMTP_TESTS_ORACLE_COMMAND_RULES_HPP
#define SANSMTP_TESTS_ORACLE_COMMAND_RULES_HPP

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/abnf.hpp"
#include "oracle/address_rules.hpp"
#include "oracle/attribute_rules.hpp"
#include "oracle/core_rules.hpp"
#include "oracle/encoding_rules.hpp"
#include "oracle/parameter_values.hpp"
#include "oracle/uri_rules.hpp"

namespace oracle {

inline constexpr std::string_view command_rules = R"abnf(
; RFC 5321 4.1.1; LHLO: RFC 2033 4.1
EHLO = "EHLO" SP ( Domain / address-literal )
LHLO = "LHLO" SP ( Domain / address-literal )
; Exception: RFC 5321 4.1.1.1 has a Domain alone; who has no name says his address, to HELO as to EHLO.
HELO = "HELO" SP ( Domain / address-literal )
MAIL = "MAIL FROM:" Reverse-path [SP Mail-parameters]
RCPT = "RCPT TO:" Rcpt-path [SP Rcpt-parameters]
DATA = "DATA"
RSET = "RSET"
QUIT = "QUIT"
; Exception: RFC 5321 has a String, one word or one quoted string, in these. What is sent is text of any kind:
; VRFY and EXPN have addresses (3.5.1), NOOP and HELP whatever (4.1.1.8, 4.1.1.9).
NOOP = "NOOP" [SP ascii-text]
HELP = "HELP" [SP ascii-text]
; RFC 6531 3.7.4.2, RFC 5336 3.7.4.2
VRFY = "VRFY" SP any-text [SP reply-word]
EXPN = "EXPN" SP any-text [SP reply-word]
reply-word = "SMTPUTF8" / "UTF8REPLY"
ends-in-reply-word = any-text 1*SP reply-word

; RFC 3207 4
STARTTLS = "STARTTLS"
; RFC 3030 2
BDAT = "BDAT" SP chunk-size [SP end-marker]
chunk-size = 1*DIGIT
end-marker = "LAST"
; RFC 4468 3.5
BURL = "BURL" SP absolute-URI [SP end-marker]
; RFC 4954 8, of which a line is one command. Exception: RFC 4422 3.1 has 1*20 and upper case in sasl-mech;
; registered names are longer, and it is compared in any case. Ours: 40.
AUTH = "AUTH" SP sasl-mech [SP initial-response]
sasl-mech = 1*40( ALPHA / DIGIT / "-" / "_" )
initial-response = base64 / "="
; RFC 1985 5, 5.3
ETRN = "ETRN" SP ( ["@"] Domain / "#" queue-name )
queue-name = 1*VCHAR
; RFC 2645 5.2.1
ATRN = "ATRN" [SP atrn-domain *("," atrn-domain)]
atrn-domain = atrn-sub-domain 1*("." atrn-sub-domain)
atrn-sub-domain = (ALPHA / DIGIT) *(atrn-ldh-str)
atrn-ldh-str = *(ALPHA / DIGIT / "-") (ALPHA / DIGIT)
; RFC 821 4.1.2
SEND = "SEND FROM:" Reverse-path
SOML = "SOML FROM:" Reverse-path
SAML = "SAML FROM:" Reverse-path
TURN = "TURN"
; of no RFC
XCLIENT = "XCLIENT" 1*( SP attribute )
XFORWARD = "XFORWARD" 1*( SP attribute )
WELLKNOWN = "WELLKNOWN" SP xtext
ONEX = "ONEX"
X-ANONYMOUSTLS = "X-ANONYMOUSTLS"
XEXCH50 = "XEXCH50" SP ascii-text
X-EXPS = "X-EXPS" SP ascii-text

; Any other verb, RFC 5321 4.1.1: text of any kind behind it. It does not begin or end with SP: "receivers SHOULD
; tolerate trailing white space before the terminating <CRLF>", strictly there is none. Ours: 32.
other-command = verb [SP ascii-text]
verb       = 1*32( ALPHA / DIGIT / "-" / "_" )
ascii-text = 1*VCHAR *( 1*SP 1*VCHAR )
any-text   = any-word *( 1*SP any-word )
any-word   = 1*( VCHAR / UTF8-non-ascii )
)abnf";

inline const grammar& command_grammar() {
  static const grammar rules{core_rules,      address_rules,   date_rules, encoding_rules,
                             parameter_rules, attribute_rules, uri_rules,  command_rules};
  return rules;
}

// The verbs that have a rule of their own, which bears their name.
inline constexpr std::string_view ruled_verbs[] = {
    "EHLO", "LHLO", "HELO",     "MAIL",    "RCPT",     "DATA",      "RSET",           "QUIT",    "NOOP",   "HELP",
    "VRFY", "EXPN", "BDAT",     "BURL",    "AUTH",     "ETRN",      "ATRN",           "SEND",    "SOML",   "SAML",
    "TURN", "ONEX", "STARTTLS", "XCLIENT", "XFORWARD", "WELLKNOWN", "X-ANONYMOUSTLS", "XEXCH50", "X-EXPS",
};

struct command_fields {
  std::string verb;  // in upper case
  std::map<std::string, std::string> texts = {};
  std::optional<host_fields> host = {};
  std::optional<path_fields> path = {};
  std::optional<parameters_fields> parameters = {};
  std::vector<attribute_fields> attributes = {};
};

// What the ABNF of a command can't say, by verb; false refuses it.
inline bool take_arguments(const tree& line, std::string_view argument, command_fields& command) {
  const std::string& verb = command.verb;
  auto& texts = command.texts;
  const auto is_one_of = [&](auto... names) { return ((verb == names) || ...); };
  const auto number = [](std::string digits) {  // as few digits as there can be
    return digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  };

  if (is_one_of("EHLO", "LHLO", "HELO")) {
    command.host = host_of(line);
    return command.host && is_ascii(command.host->text);  // RFC 6531 3.3: the argument of EHLO stays ASCII
  }
  if (is_one_of("SEND", "SOML", "SAML")) {
    command.path = path_of(*line.find("reverse-path"));
    return command.path && is_ascii(argument);  // no parameters, so no SMTPUTF8
  }
  if (is_one_of("MAIL", "RCPT")) {
    const bool mail = verb == "MAIL";
    command.path = path_of(*line.find(mail ? "reverse-path" : "rcpt-path"));
    command.parameters = parameters_fields();
    if (const tree* list = line.find(mail ? "mail-parameters" : "rcpt-parameters"))
      command.parameters = mail ? read_mail_parameters(list->text) : read_rcpt_parameters(list->text);
    if (!command.path || !command.parameters) return false;
    // RFC 6531 3.3: not ASCII only with SMTPUTF8, which stands behind MAIL; of RCPT the session knows.
    return !mail || is_ascii(argument) || command.parameters->meaning.count("SMTPUTF8") != 0;
  }
  if (is_one_of("VRFY", "EXPN")) {
    const std::string query = line.text_of("any-text");
    // Exception: text that by itself ends in one of the words could be read as having it.
    if (command_grammar().match("ends-in-reply-word", query)) return false;
    texts["text"] = query;
    texts["word"] = in_upper_case(line.text_of("reply-word"));
    return true;
  }
  if (verb == "BDAT") {
    texts["size"] = number(line.text_of("chunk-size"));
    texts["last"] = line.find("end-marker") != nullptr ? "yes" : "no";
    const std::string most = "18446744073709551615";  // ours: what 64 bits hold
    return texts["size"].size() < most.size() || (texts["size"].size() == most.size() && texts["size"] <= most);
  }
  if (verb == "BURL") {
    const tree& uri = *line.find("absolute-uri");
    texts["url"] = uri.text;
    texts["scheme"] = uri.text_of("scheme");
    texts["authority"] = uri.find("authority") != nullptr ? "//" + uri.text_of("authority") : "";
    texts["path"] = uri.text_of("path-abempty") + uri.text_of("path-absolute") + uri.text_of("path-rootless");
    texts["query"] = uri.find("query") != nullptr ? "?" + uri.text_of("query") : "";
    texts["last"] = line.find("end-marker") != nullptr ? "yes" : "no";
    return uri.text.size() <= 2048;  // ours
  }
  if (verb == "AUTH") {
    texts["mechanism"] = line.text_of("sasl-mech");
    if (line.find("initial-response") == nullptr) return true;
    const std::string response = line.text_of("initial-response");
    const auto raw = response == "=" ? std::optional(std::string()) : read_base64(response);
    if (raw) texts["response"] = *raw;
    return raw.has_value();
  }
  if (verb == "ETRN") {
    const tree* queue = line.find("queue-name");
    texts["what"] = queue != nullptr ? "queue" : argument[0] == '@' ? "subdomains" : "node";
    texts["name"] = queue != nullptr ? queue->text : line.text_of("domain");
    if (texts["name"].size() > 255 || !is_ascii(argument)) return false;
    return queue != nullptr || domain_is_short_enough(*line.find("domain"));
  }
  if (verb == "ATRN") {
    for (const tree* domain : line.all("atrn-domain")) {
      const auto name = read_domain(domain->text);
      if (!name) return false;
      texts["domains"] += domain->text + " ";
    }
    return argument.size() <= 512;  // ours
  }
  if (is_one_of("XCLIENT", "XFORWARD")) {
    const auto attributes = read_attributes(argument, verb == "XCLIENT");
    if (attributes) command.attributes = *attributes;
    return attributes.has_value();
  }
  if (verb == "WELLKNOWN") {
    const auto key = read_xtext(argument, 500);  // ours: as long as the longest of the values that are xtext
    if (key) texts["key"] = *key;
    return key && !argument.empty();
  }
  texts["text"] = argument;
  return true;
}

inline std::optional<command_fields> read_command(std::string_view line) {
  const std::string_view verb = line.substr(0, line.find(' '));
  command_fields command{in_upper_case(verb)};
  const bool ruled = std::find(std::begin(ruled_verbs), std::end(ruled_verbs), command.verb) != std::end(ruled_verbs);
  const auto found = command_grammar().match(ruled ? command.verb : "other-command", line);
  const std::string_view argument = line.substr(std::min(line.size(), verb.size() + 1));
  if (!found || !take_arguments(*found, argument, command)) return std::nullopt;
  return command;
}

}  // namespace oracle

#endif
