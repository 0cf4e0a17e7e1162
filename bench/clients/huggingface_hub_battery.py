"""Cases for the huggingface_hub client that is installed: prints one JSON object a line, {"name", "outcome", "says"}.

Reads HF_ENDPOINT, HF_TOKEN (an administrator's key) and HF_HOME from the environment; makes repositories of its own and deletes them.
"""

import io
import json
import os
import random
import struct
import tempfile

import huggingface_hub as hub
from huggingface_hub import errors

api = hub.HfApi()
name = f"battery-{random.randrange(10**9)}/model"
large = random.randbytes(20_000_000)
small = {"a b/#x%?;é😀.txt": b"hello\n", "zero.bin": b"", "n\u0303.txt": b"NFD"}


def refused(error, call, *arguments, **options):
    try:
        call(*arguments, **options)
    except error:
        return
    raise AssertionError(f"{call.__name__} was not refused with {error.__name__}")


def read(path, repo=None, **options):
    with open(hub.hf_hub_download(repo or name, path, **options), "rb") as file:
        return file.read()


def account():
    assert api.whoami()["name"]


def repository():
    api.create_repo(name)
    api.create_repo(name, exist_ok=True)
    refused(errors.HfHubHTTPError, api.create_repo, name)


def files():
    for path, content in small.items():
        api.upload_file(path_or_fileobj=content, path_in_repo=path, repo_id=name)
    api.upload_file(path_or_fileobj=io.BytesIO(large), path_in_repo="weights.bin", repo_id=name)
    for path, content in {**small, "weights.bin": large}.items():
        assert read(path) == content, path


def folder():
    with tempfile.TemporaryDirectory() as source:
        os.mkdir(f"{source}/sub")
        for i in range(40):
            with open(f"{source}/sub/{i}.txt", "w") as file:
                file.write(str(i))
        with open(f"{source}/README.md", "w") as file:
            file.write("---\nlicense: mit\npipeline_tag: text-generation\n---\n# A model\n")
        first = api.upload_folder(folder_path=source, repo_id=name)
        assert first.oid == api.upload_folder(folder_path=source, repo_id=name).oid
    assert len(os.listdir(hub.snapshot_download(name) + "/sub")) == 40


def local_folder():
    with tempfile.TemporaryDirectory() as target:
        hub.snapshot_download(name, local_dir=target, allow_patterns="*.md")
        assert os.path.exists(f"{target}/README.md") and not os.path.exists(f"{target}/sub")


def missing():
    refused(errors.EntryNotFoundError, read, "none")
    refused(errors.RevisionNotFoundError, read, "zero.bin", revision="none")
    refused(errors.RepositoryNotFoundError, read, "zero.bin", repo=name + "-none")


def knowledge():
    info = api.model_info(name, files_metadata=True)
    assert info.card_data.license == "mit" and info.pipeline_tag == "text-generation"
    sizes = {file.rfilename: file.size for file in info.siblings}
    assert sizes["weights.bin"] == len(large)
    assert any(model.id == name for model in api.list_models(author=name.split("/")[0]))


def trees():
    paths = {item.path for item in api.list_repo_tree(name, recursive=True, expand=True)}
    assert {"weights.bin", "sub", "sub/7.txt"} <= paths
    assert [item.path for item in api.get_paths_info(name, ["README.md", "none"])] == ["README.md"]


def revisions():
    api.create_branch(name, branch="dev")
    api.create_tag(name, tag="v1")
    refs = api.list_repo_refs(name)
    assert {branch.name for branch in refs.branches} == {"main", "dev"} and refs.tags[0].name == "v1"
    api.delete_branch(name, branch="dev")
    api.delete_tag(name, tag="v1")


def commits():
    before = api.list_repo_commits(name)
    api.create_commit(
        name,
        operations=[
            hub.CommitOperationAdd("x.txt", b"1"),
            hub.CommitOperationDelete("sub/"),
            hub.CommitOperationCopy("weights.bin", "copy.bin"),
        ],
        commit_message="Three operations",
    )
    assert api.list_repo_commits(name)[0].title == "Three operations"
    assert read("copy.bin") == large
    stale = dict(operations=[hub.CommitOperationAdd("x.txt", b"2")], commit_message="Stale")
    refused(errors.HfHubHTTPError, api.create_commit, name, parent_commit=before[0].commit_id, **stale)
    api.super_squash_history(name)
    assert len(api.list_repo_commits(name)) == 1


def proposals():
    api.upload_file(path_or_fileobj=b"1", path_in_repo="proposed.txt", repo_id=name, create_pr=True)
    proposal = next(iter(api.get_repo_discussions(name)))
    assert proposal.is_pull_request
    api.comment_discussion(name, proposal.num, "fine")
    api.merge_pull_request(name, proposal.num)
    assert api.get_discussion_details(name, proposal.num).status == "merged"
    assert read("proposed.txt") == b"1"


def gating():
    api.update_repo_settings(name, gated="manual")
    with tempfile.TemporaryDirectory() as cache:
        refused(errors.GatedRepoError, read, "README.md", token=False, cache_dir=cache)
    api.update_repo_settings(name, gated=False, private=True)
    assert api.model_info(name).private
    with tempfile.TemporaryDirectory() as cache:
        refused(errors.RepositoryNotFoundError, read, "README.md", token=False, cache_dir=cache)


def file_system():
    files = hub.HfFileSystem()
    with files.open(f"{name}/weights.bin", "rb") as file:
        file.seek(1_000_000)
        assert file.read(1000) == large[1_000_000:1_001_000]
    with files.open(f"{name}/written.txt", "w") as file:
        file.write("abc")
    files.mv(f"{name}/written.txt", f"{name}/moved.txt")
    assert files.cat(f"{name}/moved.txt") == b"abc"


def safetensors():
    header = json.dumps({"t": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}}).encode()
    content = struct.pack("<Q", len(header)) + header + bytes(16)
    api.upload_file(path_or_fileobj=content, path_in_repo="model.safetensors", repo_id=name)
    assert api.get_safetensors_metadata(name).parameter_count == {"F32": 4}


def move():
    api.move_repo(name, name + "-moved")
    assert api.model_info(name).id == name + "-moved"
    assert read("README.md", force_download=True)


def datasets_and_spaces():
    for kind in ("dataset", "space"):
        repo = name + "-" + kind
        api.create_repo(repo, repo_type=kind, space_sdk="gradio" if kind == "space" else None)
        api.upload_file(path_or_fileobj=b"x\n1\n", path_in_repo="d.csv", repo_id=repo, repo_type=kind)
        assert os.path.exists(hub.snapshot_download(repo, repo_type=kind) + "/d.csv")
        api.delete_repo(repo, repo_type=kind)


def delete():
    api.delete_repo(name + "-moved")
    assert not api.repo_exists(name + "-moved")


CASES = [account, repository, files, folder, local_folder, missing, knowledge, trees, revisions, commits, proposals, gating]
CASES += [file_system, safetensors, move, datasets_and_spaces, delete]

for case in CASES:
    found = {"name": case.__name__.replace("_", " "), "outcome": "passed"}
    try:
        case()
    except Exception as error:  # a case that fails is what the battery is for; the next ones are tried all the same
        found.update(outcome="failed", says=f"{type(error).__name__}: {error}"[:900])
    print(json.dumps(found), flush=True)
