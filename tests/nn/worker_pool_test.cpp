// SPDX-License-Identifier: Apache-2.0
#include "nn/cpu/worker_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace transnet::nn::cpu {
namespace {

TEST(WorkerPool, SharesWorkAndLosesNone) {
  WorkerPool pool(4);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::atomic<int>> done(1000);
    pool.for_each(1000, [&](int worker, int item) {
      EXPECT_LT(worker, pool.workers());
      ++done[static_cast<std::size_t>(item)];
    });
    for (const auto& count : done) ASSERT_EQ(count, 1);
  }
}

TEST(WorkerPool, NamesItsThreads) {
  const WorkerPool pool(3);  // the caller is one of them
  int named = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream comm(task.path() / "comm");
    std::string name;
    std::getline(comm, name);
    if (name == "transnet:net") ++named;
  }
  EXPECT_EQ(named, 2);
}

TEST(WorkerPool, ServesSeveralCallersAtOnce) {
  WorkerPool pool(3);
  std::atomic<int> total = 0;
  {
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < 5; ++caller) {
      callers.emplace_back([&] {
        for (int round = 0; round < 100; ++round) {
          pool.for_each(50, [&](int, int) { ++total; });
        }
      });
    }
  }
  EXPECT_EQ(total, 5 * 100 * 50);
}

TEST(WorkerPool, KeepsNoMoreThreadsAtWorkThanItHas) {
  constexpr int workers = 3;
  WorkerPool pool(workers);
  std::atomic<int> ready = 0;
  std::atomic<int> at_work = 0;
  std::atomic<int> most = 0;
  {
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < 2; ++caller) {
      callers.emplace_back([&] {
        const WorkerPool::Caller busy(pool);
        for (++ready; ready < 2;) std::this_thread::yield();
        for (int round = 0; round < 50; ++round) {
          pool.for_each(20, [&](int, int) {
            const int now = ++at_work;
            for (int before = most; before < now && !most.compare_exchange_weak(before, now);) {
            }
            std::this_thread::sleep_for(std::chrono::microseconds(50));
            --at_work;
          });
        }
      });
    }
  }
  EXPECT_LE(most, workers);
  EXPECT_GE(most, 2);
}

TEST(WorkerPool, PassesOnWhatTheWorkThrows) {
  WorkerPool pool(3);
  EXPECT_THROW(pool.run([](int worker) {
    if (worker == 0) throw std::runtime_error("first");
  }),
               std::runtime_error);
  std::atomic<int> calls = 0;
  pool.run([&](int) { ++calls; });
  EXPECT_GE(calls, 1) << "the pool still works afterwards";
}

}  // namespace
}  // namespace transnet::nn::cpu
