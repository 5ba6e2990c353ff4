# The two commands of a fresh machine: `make run` and `make test`. Everything is installed into .venv, nothing elsewhere.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test test-fast browser lint bench pictures clean

help: ## 列出全部目标
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## 建立 .venv 并安装运行所需的依赖
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "需要 Python 3.11 或更高版本（可用 make PYTHON=/路径/python3.11 指定）。" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { \
		$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
			|| { [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null && echo "正在安装 python3-venv……" \
				&& { apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null; }; } \
			|| { echo "缺少 python3-venv，请先执行：sudo apt-get install python3-venv" >&2; exit 1; }; \
		$(PYTHON) -m venv --clear .venv || { echo "无法在本目录建立 .venv，请检查目录是否可写。" >&2; exit 1; }; }
	@cmp -s requirements.txt .venv/requirements.txt || { \
		echo "正在安装依赖（首次约需一分钟）……"; \
		$(PIP) -r requirements.txt \
			|| { echo "依赖没有装好：请检查网络，或用 PIP_INDEX_URL 指定镜像。" >&2; exit 1; }; \
		cp requirements.txt .venv/requirements.txt; }

setup-dev: setup ## 再安装测试所需的工具
	@cmp -s requirements-dev.txt .venv/requirements-dev.txt || { \
		echo "正在安装测试工具……"; \
		$(PIP) -r requirements-dev.txt \
			|| { echo "测试工具没有装好：请检查网络，或用 PIP_INDEX_URL 指定镜像。" >&2; exit 1; }; \
		cp requirements-dev.txt .venv/requirements-dev.txt; }

run: setup ## 启动网站和定时任务（PORT=8000 HOST=127.0.0.1）
	@$(BIN)/python -m assist.cli.serve

test: lint ## 全部检查和测试（SQLite、PostgreSQL、浏览器）
	$(BIN)/pytest -n 2 --dist worksteal --ignore=tests/browser
	@$(MAKE) --no-print-directory browser

test-fast: setup-dev ## 只测规则和服务，SQLite，一分钟以内
	$(BIN)/pytest -n 2 --engines sqlite tests/unit tests/services

browser: setup-dev ## 真实浏览器里的办理过程
	@found=$$(sh .ci/chromium); code=$$?; \
		if [ $$code -eq 3 ]; then exit 0; elif [ $$code -ne 0 ]; then exit $$code; fi; \
		ASSIST_CHROMIUM="$$found" $(BIN)/pytest tests/browser

lint: setup-dev ## 代码规范和类型
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: setup-dev ## 速度测量（另行运行，不属于测试）
	$(BIN)/python -m bench

pictures: setup-dev ## 重拍 README 里的图片（先在另一个窗口 make run）
	@$(BIN)/python docs/take_pictures.py http://$(or $(HOST),127.0.0.1):$(or $(PORT),8000)

clean: ## 删除 .venv 和各种缓存（不动 instance 里的数据）
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
