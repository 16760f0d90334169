#include "serve.hpp"

int main() { return size::serve(0, 1, 2); }
