using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

// The tests count descriptors and reap children of the whole process: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
