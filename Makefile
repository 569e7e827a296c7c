# make           install what is needed, run the pipeline on simulated cells, write results/report.html
# make note5     beside all that, the comparisons of Supplementary Note 5: half an hour more, in the same report
# make authors   the real images of the paper's authors, fetched into DATA (data/authors) or checked if they are there
# make practice  simulated raw frames of films that the network has not seen, to try the next two on
# make sheet     a sheet from a folder of images: make sheet FOLDER=images PIXEL_UM=0.325 WAVELENGTH_NM=550, see docs/data.md
# make live      live/dead counts while the microscope runs: make live FOLDER=frames MODEL=results/train/hela PATTERN=... PIXEL_UM=0.1625 [OUT= CONFIG= UNTIL_IDLE=]
# make model     weights of the authors' networks, or others of segmentation_models, as a model folder: see docs/outputs.md
# make slurm     what runs on clusters need beside the rest, into .venv: docs/cluster.md
# make test      everything that is checked before a change is accepted
# make test-conda, test-slurm, test-faults, test-inputs   one kind of test alone: CONTRIBUTING.md says what each needs
# make report    the report of the results that are there
# make crate     what the results are and were made with, as an RO-Crate: see docs/reruns.md
# make claims    the verdicts of the last run on the paper's numbers, into README.md
# make docs      docs/config.md from the schema
# make bench     how fast everything is beside its floor or its peers, into docs/performance.md: BENCH="retrieval network"
# make lock      requirements.lock and requirements-slurm.lock from pyproject.toml
# make pins      exact packages for envs/*.yaml, and make container a Dockerfile with all of them; both want conda: docs/conda.md
# make clean     remove results, logs and caches; the packages stay

PYTHON ?= python3
CORES ?= $(shell nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)
BIN := .venv/bin
INSTALLED := .venv/installed
SNAKEMAKE := $(BIN)/snakemake --cores $(CORES)
# The reason of every job is left to a plain `snakemake`. The name of the machine is not: RECOVER reads it in the log.
RUN := $(SNAKEMAKE) --quiet reason
# After a kill: unlocks the folder and removes what was half written, unless another run goes on there.
RECOVER := PYTHONPATH=workflow/scripts $(BIN)/python -m livedead.commands.recover
DATA ?= data/authors
AUTHORS := --configfile resources/presets/authors.yaml --config data_folder="$(DATA)"
# A report gets its name when it is whole: after a kill half a one would be taken for up to date.
HALF := results/.partial-report.html
REPORTED := $(shell find workflow/report results/train results/evaluate results/figures results/videos results/checks \
              -type f -not -name '.*' 2>/dev/null)

.PHONY: all note5 report authors authors-data slurm practice sheet model live test test-large test-conda test-slurm \
        test-faults test-inputs crate claims docs bench lock pins container clean
.DELETE_ON_ERROR:

# A make of its own for the report, because only now the results are there to be compared with it.
all: $(INSTALLED)
	@$(RECOVER)
	@$(RUN)
	@$(MAKE) --no-print-directory report

note5: $(INSTALLED)
	@$(RECOVER)
	@$(RUN) -- all note5
	@$(SNAKEMAKE) all note5 --report $(HALF)
	@mv $(HALF) results/report.html
	@echo "The report is results/report.html"

report: results/report.html
	@echo "The report is results/report.html"

results/report.html: $(REPORTED) | $(INSTALLED)
	@$(SNAKEMAKE) --report $(HALF)
	@mv $(HALF) $@

authors: authors-data
	@$(RECOVER)
	@$(RUN) $(AUTHORS) -- authors
	@$(MAKE) --no-print-directory results/report-authors.html DATA="$(DATA)"
	@echo "The report is results/report-authors.html"

authors-data: $(INSTALLED)
	@PYTHONPATH=workflow/scripts $(BIN)/python -m livedead.commands.fetch_data authors "$(DATA)"

results/report-authors.html: $(REPORTED) | $(INSTALLED)
	@$(SNAKEMAKE) authors $(AUTHORS) --report $(HALF)
	@mv $(HALF) $@

$(INSTALLED): requirements.lock
	@$(PYTHON) -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || { \
	  echo "Wanted Python 3.11, 3.12 or 3.13 with its module venv; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another one with: make PYTHON=python3.12 (Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@echo "Installing the packages of requirements.lock into .venv (once, some minutes)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@touch $@

slurm: $(INSTALLED)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-slurm.lock

practice: $(INSTALLED)
	@PYTHONPATH=workflow/scripts $(BIN)/python -m livedead.commands.practice $(FOLDER)

sheet: $(INSTALLED)
	@test -n "$(FOLDER)" || { echo "make sheet: wanted FOLDER=folder of the images [OUT=plate.tsv PIXEL_UM=0.325" \
	  "WAVELENGTH_NM=550 INTERVAL_MIN=30 COHORT=name CELL_LINE=HeLa CONDITION=stained CHANNELS=0=raw,1=live,2=dead" \
	  "UNNAMED=phase Z=0 FORCE=1]" >&2; exit 1; }
	@PYTHONPATH=workflow/scripts $(BIN)/python -m livedead.commands.sheet "$(FOLDER)" $(if $(OUT),--output "$(OUT)") \
	  $(if $(PIXEL_UM),--pixel-size-um $(PIXEL_UM)) $(if $(WAVELENGTH_NM),--wavelength-nm $(WAVELENGTH_NM)) \
	  $(if $(INTERVAL_MIN),--frame-interval-min $(INTERVAL_MIN)) $(if $(COHORT),--cohort "$(COHORT)") \
	  $(if $(CELL_LINE),--cell-line $(CELL_LINE)) $(if $(CONDITION),--condition $(CONDITION)) \
	  $(if $(CHANNELS),--channels $(CHANNELS)) $(if $(UNNAMED),--unnamed $(UNNAMED)) $(if $(Z),--z $(Z)) \
	  $(if $(FORCE),--force)

model: $(INSTALLED)
	@test -n "$(WEIGHTS)" -a -n "$(FOLDER)" -a -n "$(ENCODER)" || { echo "make model: wanted WEIGHTS=file.h5" \
	  "FOLDER=folder ENCODER=B3 [CLASSES=live,injured,dead,background] [PIXEL_UM=0.325]" >&2; exit 1; }
	@PYTHONPATH=workflow/scripts $(BIN)/python -m livedead.commands.import_weights "$(WEIGHTS)" "$(FOLDER)" \
	  --encoder "$(ENCODER)" $(if $(CLASSES),--classes "$(CLASSES)") $(if $(PIXEL_UM),--pixel-size-um $(PIXEL_UM))

live: $(INSTALLED)
	@test -n "$(FOLDER)" -a -n "$(MODEL)" -a -n "$(PATTERN)" -a -n "$(PIXEL_UM)" || { echo "make live: wanted" \
	  "FOLDER=folder MODEL=results/train/hela PATTERN='f1_t{t}_m{m}.tif' PIXEL_UM=0.1625 [INTERVAL_MIN=30" \
	  "OUT=live CONFIG=mine.yaml UNTIL_IDLE=600]" >&2; exit 1; }
	@PYTHONPATH=workflow/scripts $(BIN)/python -m livedead.commands.live "$(FOLDER)" "$(MODEL)" --pattern "$(PATTERN)" \
	  --pixel-size-um $(PIXEL_UM) $(if $(INTERVAL_MIN),--interval-min $(INTERVAL_MIN)) $(if $(OUT),--output "$(OUT)") \
	  $(if $(CONFIG),--configfile "$(CONFIG)") $(if $(UNTIL_IDLE),--until-idle $(UNTIL_IDLE))

test: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint
	$(BIN)/python -m pip check
	$(BIN)/python -m pytest -m "not large and not slurm and not faults and not fuzz" \
	  --numprocesses logical --maxprocesses 8 --dist loadfile --no-loadscope-reorder

test-large: $(INSTALLED)
	$(BIN)/python -m pytest -m large

test-conda: $(INSTALLED)
	$(BIN)/python -m pytest tests/conda -m conda

# The executors stay out of .venv: an environment of their own sees its packages and adds them.
build/slurm/installed: requirements-slurm.lock $(INSTALLED)
	@$(BIN)/python -m venv build/slurm
	@$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
	  > $$(build/slurm/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/livedead.pth
	@build/slurm/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements-slurm.lock
	@touch $@

test-slurm: build/slurm/installed
	build/slurm/bin/python -m pytest tests/slurm -m slurm

test-faults: $(INSTALLED)
	$(BIN)/python -m pytest tests/faults -m faults

test-inputs: $(INSTALLED)
	$(BIN)/python -m pytest tests/bad_inputs -m "inputs or fuzz"

crate: $(INSTALLED)
	@PYTHONPATH=workflow/scripts $(BIN)/python -m livedead.commands.crate

# No rule does this: a run leaves the sources alone.
claims: $(INSTALLED)
	PYTHONPATH=workflow/scripts $(BIN)/python -m tests.contract.readme_claims

docs: $(INSTALLED)
	PYTHONPATH=workflow/scripts $(BIN)/python -m tests.contract.config_reference

bench: $(INSTALLED)
	@PYTHONPATH=workflow/scripts:. $(BIN)/python -m tests.benchmarks $(BENCH)

lock: $(INSTALLED)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --no-header --no-annotate -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra slurm --constraint requirements.lock --universal --no-header --no-annotate \
	  -o requirements-slurm.lock

pins: $(INSTALLED)
	@PYTHONPATH=workflow/scripts $(BIN)/python -m livedead.commands.pins

container: $(INSTALLED)
	@conda --version >/dev/null 2>&1 || { echo "make container: wanted conda 24.7.1 or newer on the PATH; Snakemake asks" \
	  "it for the platform" >&2; exit 1; }
	@$(SNAKEMAKE) --containerize dockerfile >Dockerfile.partial && mv Dockerfile.partial Dockerfile
	@echo "Dockerfile: now \`docker build --tag livedead .\`"

clean:
	find results -mindepth 1 -not -name .gitkeep -delete
	rm -rf .snakemake .pytest_cache .ruff_cache .hypothesis
