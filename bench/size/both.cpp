#include "send.hpp"
#include "serve.hpp"

int main(int count, char** words) {
  return count == 3 ? size::send(0, 1, 3, words[1], words[2]) : size::serve(0, 1, 2);
}
