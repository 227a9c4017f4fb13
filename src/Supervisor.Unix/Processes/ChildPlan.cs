using System.Runtime.InteropServices;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// The steps of one child between fork and exec, in unmanaged memory until disposed. Steps run in the order in which they are added; the
/// first that fails writes its text to the child's stderr and ends the child with 127. Without a change of user the caller waits for the exec.
/// </summary>
/// <remarks>A new kind of step is one operation in <c>child_stage.c</c> and one method here.</remarks>
internal sealed unsafe class ChildPlan : IDisposable
{
    // More than any child has.
    private const int Capacity = 32;

    private readonly List<nint> _blocks = [];
    private readonly ChildStep* _steps;
    private int _count;
    private bool _changesUser;

    /// <exception cref="OutOfMemoryException">As every method here.</exception>
    internal ChildPlan() => _steps = (ChildStep*)Allocate(Capacity * sizeof(ChildStep));

    /// <param name="complaint">The text when the step fails; the name of the error follows it.</param>
    internal void Add(ChildOperation operation, long first = 0, long second = 0, string complaint = SpawnTexts.Preparation) =>
        Next() = new ChildStep { Operation = operation, First = first, Second = second, Complaint = Text(complaint), NamesError = 1 };

    /// <summary>As <see cref="Add"/>, for a step with data.</summary>
    internal void Add(ChildOperation operation, ReadOnlySpan<byte> data, string complaint) =>
        Next() = new ChildStep { Operation = operation, Data = Copy(data), Complaint = Text(complaint), NamesError = 1 };

    /// <summary>As <see cref="Add"/>, for a step whose failure has a text of its own, with its line end.</summary>
    internal void AddWithReason(ChildOperation operation, long first, ReadOnlySpan<byte> data, string complaint) =>
        Next() = new ChildStep { Operation = operation, First = first, Data = Copy(data), Complaint = Text(complaint) };

    /// <summary>The child ends here with that text.</summary>
    internal void AddFailure(string complaint) => AddWithReason(ChildOperation.Fail, 0, [], complaint);

    /// <summary>Returns the pid of the child, or a negative error number of fork.</summary>
    internal int Start(ReadOnlySpan<byte> path, NativeStrings arguments, NativeStrings environment, NativeStrings errorNames, string execComplaint)
    {
        var request = new ChildRequest
        {
            Steps = _steps,
            StepCount = _count,
            Path = (byte*)Copy(path),
            Arguments = arguments.Pointer,
            Environment = environment.Pointer,
            ExecComplaint = Text(execComplaint),
            Closing = Text(SpawnTexts.Closing),
            ErrorNames = errorNames.Pointer,
            ErrorNameCount = errorNames.Count,
            SharesMemory = _changesUser ? 0 : 1,
        };
        return (int)ChildStage.Start(&request);
    }

    public void Dispose()
    {
        foreach (var block in _blocks)
        {
            NativeMemory.Free((void*)block);
        }

        _blocks.Clear();
    }

    /// <summary>The child will take another user's identity.</summary>
    internal void ChangesUser() => _changesUser = true;

    private ref ChildStep Next()
    {
        if (_count == Capacity)
        {
            throw new InvalidOperationException($"a child has at most {Capacity} steps");
        }

        return ref _steps[_count++];
    }

    // A text for people: what cannot stand in a C string is left out of it.
    private byte* Text(string text) => (byte*)Copy(OsText.Encode(text.Replace("\0", "", StringComparison.Ordinal)));

    private void* Copy(ReadOnlySpan<byte> data)
    {
        var block = Allocate(data.Length);
        data.CopyTo(new Span<byte>(block, data.Length));
        return block;
    }

    private void* Allocate(int size)
    {
        var block = NativeMemory.AllocZeroed((nuint)size);
        _blocks.Add((nint)block);
        return block;
    }
}
